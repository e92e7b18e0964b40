import { run } from 'seamwright/runtime';
import { createTextSnippetInsightsApp } from './create.js';

// From the environment: SEAMWRIGHT_BROKER_URL, SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_URL_<SERVICE> of each service called, PORT and HOST.
const insights = createTextSnippetInsightsApp({ listen: {} });

await run(insights, { start: () => insights.catchUp(), stop: async () => {} });
