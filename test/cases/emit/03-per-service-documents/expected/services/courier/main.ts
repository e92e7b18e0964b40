import { run } from 'seamwright/runtime';
import { createCourier } from '#generated/per-service-documents/courier/service.gen.js';
import { onParcelSent } from './on-parcel-sent.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const courier = createCourier({ handlers: { onParcelSent } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(courier);
