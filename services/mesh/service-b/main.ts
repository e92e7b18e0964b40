import { run } from 'seamwright/runtime';
import { createServiceBApp } from './create.js';

// From the environment: SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_TRUSTED_KEYS, PORT and HOST.
await run(createServiceBApp({ listen: {} }));
