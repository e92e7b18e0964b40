import { describe, it } from 'vitest';
import { pgliteStore } from '../../runtime/stores/pglite.js';
import { copyScenarios } from './scenarios/copies.js';
import { crashScenarios } from './scenarios/crashes.js';
import { effectScenarios } from './scenarios/effects.js';
import { ownerScenarios } from './scenarios/owners.js';
import { playScenario } from './scenarios/scenario.js';
import { syncScenarios } from './scenarios/syncs.js';
import { waitScenarios } from './scenarios/waits.js';
import { realTime } from './world/world.js';

const scenarios = [
  ...copyScenarios,
  ...effectScenarios,
  ...waitScenarios,
  ...crashScenarios,
  ...ownerScenarios,
  ...syncScenarios,
];

describe('on memory, in virtual time', () => {
  it.each(scenarios)('$name', (scenario) => playScenario(scenario));
});

describe('on PGlite', () => {
  // One schema per service and scenario in the one database of the process.
  let worlds = 0;
  it.each(scenarios.filter(({ timeless }) => timeless))('$name', (scenario) => {
    worlds += 1;
    const prefix = `pipeline${worlds}`;
    return playScenario(scenario, {
      ...realTime,
      store: (service) => pgliteStore({ service: `${prefix} ${service}` }),
    });
  });
});
