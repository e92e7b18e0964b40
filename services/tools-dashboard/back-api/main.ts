import { run } from 'seamwright/runtime';
import { createBackApiApp } from './create.js';

// From the environment: SEAMWRIGHT_SIGNING_KEY, SEAMWRIGHT_TRUSTED_KEYS, SEAMWRIGHT_URL_BACK_AUTH, SEAMWRIGHT_URL_BACK_POSTGRES, PORT and HOST.
await run(createBackApiApp({ listen: {} }));
