import { run } from 'seamwright/runtime';
import { createServiceAApp } from './create.js';

// From the environment: SEAMWRIGHT_URL_SERVICE_B, SEAMWRIGHT_SIGNING_KEY, SEAMWRIGHT_TRUSTED_KEYS, PORT and HOST.
await run(createServiceAApp({ listen: {} }));
