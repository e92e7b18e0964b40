import { describe, expect, it } from 'vitest';
import { scenarios } from './scenarios/registry.js';
import { playScenario } from './scenarios/scenario.js';
import { mutants } from './world/mutants.js';

/** A scenario is worth something only if a runtime with that very mistake fails it. */
describe('a broken runtime is caught', () => {
  it.each(mutants)('one that $name', async ({ caughtBy, around }) => {
    const scenario = scenarios.find(({ name }) => name === caughtBy);
    if (scenario === undefined) throw new Error(`there is no scenario "${caughtBy}"`);
    // What the scenario itself puts around surveys, such as a mortal process, stays beneath the mutant.
    const beneath = scenario.options();
    const outcome = playScenario(
      { ...scenario, options: () => beneath },
      {
        around: {
          store: (store) => {
            const mortal = beneath.around?.store?.(store) ?? store;
            return around.store?.(mortal) ?? mortal;
          },
          broker: (broker) => {
            const mortal = beneath.around?.broker?.(broker) ?? broker;
            return around.broker?.(mortal) ?? mortal;
          },
        },
      },
    );
    await expect(outcome).rejects.toThrow();
  });
});
