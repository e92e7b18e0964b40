import { run } from 'seamwright/runtime';
import { createBackWorkersApp } from './create.js';

// From the environment: SEAMWRIGHT_BROKER_URL, SEAMWRIGHT_DATABASE_URL, PORT and HOST.
await run(createBackWorkersApp({ listen: {} }));
