import { describe, it } from 'vitest';
import { pgliteStore } from '../../runtime/stores/pglite.js';
import { scenarios } from './scenarios/registry.js';
import { playScenario } from './scenarios/scenario.js';
import { realTime } from './world/world.js';

describe('on memory, in virtual time', () => {
  it.each(scenarios)('$name', (scenario) => playScenario(scenario));
});

describe('on memory, copies in batches', () => {
  it.each(scenarios)('$name', (scenario) => playScenario(scenario, { batchSize: 100 }));
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
