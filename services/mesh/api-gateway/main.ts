import { run } from 'seamwright/runtime';
import { createApiGatewayApp } from './create.js';

// From the environment: SEAMWRIGHT_URL_SERVICE_A, SEAMWRIGHT_SIGNING_KEY, PORT and HOST.
await run(createApiGatewayApp({ listen: {} }));
