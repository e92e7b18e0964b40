import { run } from 'seamwright/runtime';
import { createBackGatewayApp } from './create.js';

// From the environment: SEAMWRIGHT_SIGNING_KEY, SEAMWRIGHT_TRUSTED_KEYS, SEAMWRIGHT_URL_BACK_API, PORT and HOST.
await run(createBackGatewayApp({ listen: {} }));
