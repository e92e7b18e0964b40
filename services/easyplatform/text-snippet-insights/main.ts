import { run } from 'seamwright/runtime';
import { createTextSnippetInsightsApp } from './create.js';

// From the environment: SEAMWRIGHT_BROKER_URL, SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_URL_<SERVICE> of each service called, PORT and HOST.
const insights = createTextSnippetInsightsApp({ listen: {} });

// Without its owners it starts all the same: messages come as they come, and the next start tries again.
const catchingUp = {
  start: () => insights.catchUp().catch((error: unknown) => console.warn('not caught up:', String(error))),
  stop: async () => {},
};

await run(insights, catchingUp);
