import type { Feature, Model } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** `deploy.order` against `dependencies`: a provider must not come after its consumer. Unknown names are findings too. */
export const deployOrderContradicts: Rule = {
  id: 'deploy-order-contradicts',
  severity: 'warning',
  title: 'Providers are deployed before those who need them.',
  why: 'A consumer that is out first calls a version that is not there yet: every deployment has a window of errors.',
  fix: 'Move the provider to an earlier tier.',
  requirements: ['TD-50', 'TD-110'],
  *check(model) {
    for (const feature of model.features.values()) {
      const { deploy } = feature;
      if (deploy === undefined) continue;
      const tiers = tiersOf(feature);
      for (const name of tiers.keys()) {
        if (model.services.has(name) || model.resources.has(name)) continue;
        yield {
          at: deploy.at,
          message: `deploy.order of "${feature.name}" names "${name}", which is no service.`,
          subject: `feature:${feature.name} deploy:${name}`,
          fix: meant(name, model.services.keys(), 'take it out'),
        };
      }
      for (const { consumer, provider, at } of needsOf(model, feature)) {
        const [mine, theirs] = [tiers.get(consumer), tiers.get(provider)];
        if (mine === undefined || theirs === undefined || theirs <= mine) continue;
        yield {
          at: deploy.at,
          message: `deploy.order of "${feature.name}" puts "${consumer}" before "${provider}", which it depends on.`,
          subject: `feature:${feature.name} deploy:${consumer}->${provider}`,
          related: [{ at, message: 'the dependency' }],
          fix: `move "${provider}" before "${consumer}".`,
        };
      }
    }
  },
};

function tiersOf(feature: Feature): ReadonlyMap<string, number> {
  const order = feature.deploy?.order ?? [];
  return new Map(order.flatMap((tier, index) => tier.map((name) => [name, index] as const)));
}

function needsOf(model: Model, feature: Feature) {
  return model.dependencies.filter((each) => each.feature === feature.name && each.consumer !== each.provider);
}
