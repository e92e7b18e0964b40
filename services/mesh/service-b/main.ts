import { run } from 'seamwright/runtime';
import { createServiceBApp } from './create.js';

// From the environment: SEAMWRIGHT_DATABASE_URL, PORT and HOST.
await run(createServiceBApp({ listen: {} }));
