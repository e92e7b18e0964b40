import { run } from 'seamwright/runtime';
import { createStore } from '#generated/hostile-names/store/service.gen.js';
import { onSend1 } from './on-send1.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const store = createStore({ handlers: { onSend1 } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(store);
