import { run } from 'seamwright/runtime';
import { createBackPostgresApp } from './create.js';

// From the environment: SEAMWRIGHT_BROKER_URL, SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_SIGNING_KEY, SEAMWRIGHT_TRUSTED_KEYS, SEAMWRIGHT_URL_<SERVICE> of each
// service called, PORT and HOST.
await run(createBackPostgresApp({ listen: {} }));
