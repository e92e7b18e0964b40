import { run } from 'seamwright/runtime';
import { createCommunityApp } from './create.js';

// From the environment: SEAMWRIGHT_BROKER_URL, SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_URL_<SERVICE> of each service called, PORT and HOST.
const community = createCommunityApp({ listen: {} });

await run(community, { start: () => community.catchUp(), stop: async () => {} });
