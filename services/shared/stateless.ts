import type { Runnable } from 'seamwright/runtime';

/** In place of a service that has neither store nor broker: its server is all there is to start and stop. */
export const stateless: Runnable = { start: async () => {}, stop: async () => {} };
