import { run } from 'seamwright/runtime';
import { createPeople } from '#generated/secured/people/service.gen.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const people = createPeople();

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(people);
