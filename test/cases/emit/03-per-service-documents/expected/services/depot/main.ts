import { run } from 'seamwright/runtime';
import { createDepot } from '#generated/per-service-documents/depot/service.gen.js';
import { onParcelDelivered } from './on-parcel-delivered.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const depot = createDepot({ handlers: { onParcelDelivered } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(depot);
