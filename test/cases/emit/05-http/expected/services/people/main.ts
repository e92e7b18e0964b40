import { listening, run } from 'seamwright/runtime';
import { createPeopleServer } from '#generated/http/people/server.gen.js';
import { createPeople } from '#generated/http/people/service.gen.js';
import { peopleOperations } from './operations.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const people = createPeople();

/** Nobody may call until you say here who does; 'none' leaves that to a gateway in front. */
const server = createPeopleServer(peopleOperations(people), { authenticate: () => null, service: people, ready: people.health });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(people, listening(server));
