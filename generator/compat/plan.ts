import type { Model, Role, Service } from '../model/types.js';
import type { Change } from './change.js';
import type { Judgement } from './judgement.js';
import { layersOf } from './order/layers.js';
import { listed } from './order/wording.js';
import { type DeployOrder, deployOrder } from './order.js';
import { Preference } from './plan/preference.js';
import { storedBy } from './plan/stored.js';
import { type Strategy, strategiesOf } from './plan/strategies.js';

/** Services that are deployed together, in which order, and why there. */
export interface PlanTier {
  /** From 1. */
  readonly tier: number;
  readonly services: readonly string[];
  readonly why: string;
  /** Absent when everything can be taken back. */
  readonly pointOfNoReturn?: string;
  /** How the new versions take their places; absent where no feature says it. */
  readonly strategies?: readonly Strategy[];
}

/** One step of the way back. */
export interface RollbackTier extends PlanTier {
  /** Services of the tier that are left as they are, and why. */
  readonly keep: readonly { readonly service: string; readonly why: string }[];
  /** Services whose data have to be restored before, and why. */
  readonly restore: readonly { readonly service: string; readonly why: string }[];
}

export interface DeployPlan {
  readonly system: string;
  readonly tiers: readonly PlanTier[];
  readonly rollback: readonly RollbackTier[];
  /** From the change that is shipped, when there is one. */
  readonly splits: DeployOrder['splits'];
}

/** What is shipped; without it the plan is for a whole system, and the way back has conditions instead of answers. */
export interface Shipped {
  readonly judgements: readonly Judgement[];
  readonly changes: readonly Change[];
}

/** Shared things first, then data, then all others by what they need, frontends last. */
const PHASE: Readonly<Partial<Record<Role, number>>> = { shared: 0, repository: 1, cache: 1, frontend: 3 };

/**
 * The order to deploy a system in, and the way back. What a change insists on comes before everything; then the phase of the role (shared, data, services,
 * frontends), who needs whom, and `deploy.order` of features, each as far as it contradicts nothing before it. Services of others are left out.
 */
export function deployPlan(model: Model, shipped?: Shipped): DeployPlan {
  const services = [...model.services.values()].filter(({ role }) => role !== 'external');
  const order = deployOrder(shipped?.judgements ?? [], (name) => services.some((service) => service.name === name));
  const preference = new Preference(services.map(({ name }) => name));
  const first = order.tiers.filter(({ release }) => release === 1);
  preference.addAll(pairsOfTiers(first.map((tier) => tier.services)));
  preference.addAll(phasePairs(services));
  preference.addAll(needs(model));
  for (const feature of model.features.values()) preference.addAll(pairsOfTiers(feature.deploy?.order ?? []));
  const layers =
    layersOf(
      preference.pairs,
      services.map(({ name }) => name),
    ) ?? [];
  const tiers = layers.map((names, index): PlanTier => {
    const insisted = first.filter((tier) => tier.services.some((name) => names.includes(name)));
    const strategies = strategiesOf(names, model);
    const lost = insisted.flatMap(({ pointOfNoReturn }) => pointOfNoReturn ?? []);
    return {
      tier: index + 1,
      services: names,
      why: [whyTier(names, model, layers.slice(0, index).flat()), ...insisted.map(({ why }) => why)].join(' '),
      ...(lost.length === 0 ? {} : { pointOfNoReturn: lost.join(' ') }),
      ...(strategies.length === 0 ? {} : { strategies }),
    };
  });
  const back = [...tiers].reverse().map((tier, index) => rollbackTier(tier, index + 1, model, order, shipped));
  return { system: model.system, tiers, rollback: back, splits: order.splits };
}

function pairsOfTiers(tiers: readonly (readonly string[])[]): readonly (readonly [string, string])[] {
  return tiers
    .slice(1)
    .flatMap((tier, index) =>
      (tiers[index] ?? []).flatMap((before) => tier.map((after): readonly [string, string] => [before, after])),
    );
}

function phaseOf({ role }: Pick<Service, 'role'>): number {
  return PHASE[role] ?? 2;
}

function phasePairs(services: readonly Service[]): readonly (readonly [string, string])[] {
  return services.flatMap((a) =>
    services.filter((b) => phaseOf(a) < phaseOf(b)).map((b): readonly [string, string] => [a.name, b.name]),
  );
}

/** Providers before those who need them. */
function needs(model: Model): readonly (readonly [string, string])[] {
  return [
    ...model.dependencies.map(({ consumer, provider }): readonly [string, string] => [provider, consumer]),
    ...model.http.map(({ from, to }): readonly [string, string] => [to, from]),
  ];
}

function whyTier(names: readonly string[], model: Model, there: readonly string[]): string {
  const phases = new Set(names.map((name) => phaseOf(model.services.get(name) ?? { role: 'service' })));
  const [phase] = phases;
  if (phases.size === 1 && phase === 0) return 'What all share comes first.';
  if (phases.size === 1 && phase === 1) return 'Data come before those who read and write them.';
  const needed = needs(model)
    .filter(([provider, consumer]) => names.includes(consumer) && there.includes(provider))
    .map(([provider]) => provider);
  const unique = [...new Set(needed)].sort();
  const served = unique.length === 0 ? '' : ` ${listed(unique)} ${unique.length === 1 ? 'is' : 'are'} there by now.`;
  if (phases.size === 1 && phase === 3) return `Frontends come last.${served}`;
  return served === '' ? 'Needs nobody else.' : `Needs others:${served}`;
}

function rollbackTier(
  { services, tier: forward }: PlanTier,
  tier: number,
  model: Model,
  order: DeployOrder,
  shipped: Shipped | undefined,
): RollbackTier {
  const constrained = order.rollback.filter(
    (back) => back.release === 1 && back.services.some((name) => services.includes(name)),
  );
  const keep: { service: string; why: string }[] = [];
  const restore: { service: string; why: string }[] = [];
  for (const service of services) {
    const role = model.services.get(service)?.role;
    if (role === 'shared') {
      const why =
        shipped === undefined ? 'unless it is incompatible with what goes back' : 'what goes back works with it';
      if (shipped === undefined || !breaksShared(service, model, shipped)) keep.push({ service, why });
    }
    const stored = shipped === undefined ? [] : storedBy(service, model, shipped.changes);
    const isData = role === 'repository' || role === 'cache';
    if (stored.length > 0) restore.push({ service, why: `what it stores has changed: ${listed(stored)}` });
    else if (isData && shipped !== undefined) keep.push({ service, why: 'nothing that it stores has changed' });
    else if (isData) restore.push({ service, why: 'only if what it stores has changed' });
  }
  const said = constrained.map(({ why }) => why);
  return {
    tier,
    services,
    why: [`Undoes tier ${forward}.`, ...said].join(' '),
    keep,
    restore,
  };
}

function breaksShared(service: string, model: Model, { judgements }: Shipped): boolean {
  const features = [...model.features.values()]
    .filter(({ name, type, participants }) => type === 'shared' && (name === service || participants.includes(service)))
    .map(({ name }) => name);
  return judgements.some(
    ({ verdict, features: concerned }) =>
      (verdict === 'breaking' || verdict === 'unknown') && concerned.some((name) => features.includes(name)),
  );
}
