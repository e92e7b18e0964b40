import { run } from 'seamwright/runtime';
import { createBackPostgresApp } from './create.js';

// From the environment: SEAMWRIGHT_BROKER_URL, SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_TRUSTED_KEYS, PORT and HOST.
await run(createBackPostgresApp({ listen: {} }));
