import { run } from 'seamwright/runtime';
import { createTextSnippetHiringApp } from './create.js';

// From the environment: SEAMWRIGHT_BROKER_URL, SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_URL_<SERVICE> of each service called, PORT and HOST.
await run(createTextSnippetHiringApp({ listen: {} }));
