import { run } from 'seamwright/runtime';
import { createCommunityApp } from './create.js';

// From the environment: SEAMWRIGHT_BROKER_URL, SEAMWRIGHT_DATABASE_URL, SEAMWRIGHT_URL_<SERVICE> of each service called, PORT and HOST.
const community = createCommunityApp({ listen: {} });

// Without its owners it starts all the same: messages come as they come, and the next start tries again.
const catchingUp = {
  start: () => community.catchUp().catch((error: unknown) => console.warn('not caught up:', String(error))),
  stop: async () => {},
};

await run(community, catchingUp);
