/** What a user's own tests may rely on: time that moves when told to. */
export { VirtualClock } from './virtual-clock.js';
