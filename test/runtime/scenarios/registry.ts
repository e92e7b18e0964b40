import { copyScenarios } from './copies.js';
import { crashScenarios } from './crashes.js';
import { effectScenarios } from './effects.js';
import { ownerScenarios } from './owners.js';
import { syncScenarios } from './syncs.js';
import { waitScenarios } from './waits.js';

/** Everything that the runtime has to survive. */
export const scenarios = [
  ...copyScenarios,
  ...effectScenarios,
  ...waitScenarios,
  ...crashScenarios,
  ...ownerScenarios,
  ...syncScenarios,
];
