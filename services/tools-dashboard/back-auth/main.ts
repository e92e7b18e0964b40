import { run } from 'seamwright/runtime';
import { createBackAuthApp } from './create.js';

// From the environment: SEAMWRIGHT_BROKER_URL, SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_SIGNING_KEY, SEAMWRIGHT_TRUSTED_KEYS, TOKEN_PRIVATE_KEY, SEAMWRIGHT_URL_<SERVICE> of
// each service called, GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET and GITHUB_REDIRECT_URL, PORT and HOST.
await run(createBackAuthApp({ listen: {} }));
