import type { Model } from '../../model/types.js';

/** How the new version of some services takes the place of the old one. */
export interface Strategy {
  readonly services: readonly string[];
  /** As `deploy.strategy` of a feature says. */
  readonly name: string;
  /** What to do, in order. */
  readonly steps: readonly string[];
}

const together =
  'both versions run at once meanwhile: "seamwright verify --mixed-with" proves that they understand each other';

const STEPS: Readonly<Record<string, readonly string[]>> = {
  'blue-green': [
    'start the new version beside the old one, without traffic',
    'move traffic over in steps',
    'watch errors, dead letters and what is parked after each step',
    'switch all traffic, and keep the old version to go back to',
    'take the old version away',
    together,
  ],
  canary: [
    'give the new version a small share of the traffic',
    'watch errors, dead letters and what is parked',
    'widen the share until it has everything',
    together,
  ],
  recreate: [
    'stop the old version, then start the new one: nothing is answered in between, messages wait in their queues',
  ],
};

/**
 * The strategies that features ask for, by the services of a tier; the first feature that says something about a service counts. Replacing instance by instance is
 * the usual way and needs no words.
 */
export function strategiesOf(names: readonly string[], model: Model): readonly Strategy[] {
  const byName = new Map<string, string[]>();
  for (const service of names) {
    const feature = [...model.features.values()].find(
      ({ participants, deploy }) => deploy?.strategy !== undefined && participants.includes(service),
    );
    const strategy = feature?.deploy?.strategy;
    if (strategy === undefined || STEPS[strategy] === undefined) continue;
    byName.set(strategy, [...(byName.get(strategy) ?? []), service]);
  }
  return [...byName].map(([name, services]) => ({ name, services, steps: STEPS[name] ?? [] }));
}
