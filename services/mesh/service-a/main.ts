import { run } from 'seamwright/runtime';
import { createServiceAApp } from './create.js';

// From the environment: SEAMWRIGHT_URL_SERVICE_B, PORT and HOST.
await run(createServiceAApp({ listen: {} }));
