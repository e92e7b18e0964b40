import { run } from 'seamwright/runtime';
import { createBackRedisApp } from './create.js';

// From the environment: SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_TRUSTED_KEYS, PORT and HOST.
await run(createBackRedisApp({ listen: {} }));
