import { run } from 'seamwright/runtime';
import { createCatalogue } from '#generated/sequence/catalogue/service.gen.js';
import { onEmptyShelf } from './on-empty-shelf.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const catalogue = createCatalogue({ handlers: { onEmptyShelf } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(catalogue);
