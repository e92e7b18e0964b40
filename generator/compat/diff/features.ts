import type { Dependency, Feature, Model, Service } from '../../model/types.js';
import type { Change } from '../change.js';
import { compareNouns, type NounTable } from './nouns.js';
import { pairs } from './pairs.js';
import { plain, sorted } from './plain.js';

/** Features, their flags, services, and the version ranges that services need of each other. */
export function* featureChanges(before: Model, after: Model): Iterable<Change> {
  yield* compareNouns(pairs(before.features, after.features), featureTable);
  yield* compareNouns(pairs(flagsOf(before), flagsOf(after), flagShape), flagTable);
  yield* compareNouns(pairs(before.services, after.services), serviceTable);
  yield* compareNouns(pairs(dependenciesOf(before), dependenciesOf(after)), dependencyTable);
}

const featureTable: NounTable<Feature> = {
  noun: 'feature',
  subject: (name) => `feature:${name}`,
  features: (feature) => [feature.name],
  at: (feature) => feature.at,
  settings: (feature) => ({
    version: feature.version,
    type: feature.type,
    owner: feature.owner,
    participants: sorted(feature.participants),
    'deploy.order': plain(feature.deploy?.order),
    'deploy.strategy': feature.deploy?.strategy,
  }),
  place: (feature, setting) => (setting.startsWith('deploy.') ? feature.deploy?.at : undefined),
};

type Flagged = NonNullable<Feature['flag']> & { readonly feature: string };

const flagTable: NounTable<Flagged> = {
  noun: 'flag',
  subject: (name) => `flag:${name}`,
  features: (flag) => [flag.feature],
  at: (flag) => flag.at,
  settings: (flag) => ({
    default: flag.default,
    off_status: flag.offStatus,
    services: sorted(flag.services),
    expires: flag.expires,
  }),
};

function flagsOf(model: Model): ReadonlyMap<string, Flagged> {
  return new Map(
    [...model.features.values()].flatMap(({ name, flag }) =>
      flag === undefined ? [] : [[flag.name, { ...flag, feature: name }] as const],
    ),
  );
}

function flagShape({ feature }: Flagged): string {
  return feature;
}

const serviceTable: NounTable<Service> = {
  noun: 'service',
  subject: (name) => `service:${name}`,
  features: (service) => service.features,
  at: (service) => service.at,
  settings: (service) => ({
    version: service.version,
    role: service.role,
    owner: service.owner,
    lifecycle: service.lifecycle,
    declared: service.declared,
  }),
};

/** What one service needs of another, as each feature says it; sorted by range. */
type Dependencies = readonly [Dependency, ...Dependency[]];

const dependencyTable: NounTable<Dependencies> = {
  noun: 'dependency',
  subject: (name) => `dependency:${name}`,
  features: (all) => all.map((dependency) => dependency.feature),
  at: ([dependency]) => dependency.at,
  settings: (all) => {
    const ranges = sorted(all.flatMap(({ range }) => range ?? []));
    return {
      consumer: all[0].consumer,
      provider: all[0].provider,
      // One range as text; features that name several mean all of them.
      range: ranges.length > 1 ? ranges : ranges[0],
    };
  },
};

function dependenciesOf(model: Model): ReadonlyMap<string, Dependencies> {
  const found = new Map<string, Dependencies>();
  for (const dependency of [...model.dependencies].sort(byRange)) {
    const key = `${dependency.consumer}->${dependency.provider}`;
    const known = found.get(key);
    found.set(key, known === undefined ? [dependency] : [...known, dependency]);
  }
  return found;
}

function byRange({ range: a = '' }: Dependency, { range: b = '' }: Dependency): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
