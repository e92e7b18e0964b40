import type { Judgement } from '../../generator/compat/judgement.js';
import type { Model } from '../../generator/model/types.js';

/** A judgement made by hand; breaking unless said otherwise. */
export function judgement(said: Partial<Judgement> = {}): Judgement {
  return {
    rule: 'enum-value-added',
    verdict: 'breaking',
    severity: 'error',
    level: 'major',
    subject: 'message:ProductChanged',
    features: ['products'],
    at: { file: 'contracts/shop/products/asyncapi.yaml', line: 7, column: 3 },
    message: 'enum of "status" gains "sold".',
    order: 'any',
    writers: [],
    readers: [],
    affected: [],
    breaksStored: false,
    ...said,
  };
}

type Waiver =
  Model['features'] extends ReadonlyMap<string, infer F extends { acceptBreaking: unknown }>
    ? F['acceptBreaking']
    : never;

/** As much of a model as waivers and orders look at. */
export function modelWith(parts: {
  readonly waivers?: Readonly<Record<string, readonly Omit<Waiver[number], 'at'>[]>>;
  readonly services?: Readonly<Record<string, Partial<{ role: string; version: string }>>>;
}): Model {
  const { waivers = {}, services = {} } = parts;
  const at = { file: 'feature.yaml', line: 1, column: 1 };
  const features = Object.entries(waivers).map(([name, entries]) => [
    name,
    { name, at, acceptBreaking: entries.map((entry) => ({ ...entry, at })) },
  ]);
  const known = Object.entries(services).map(([name, service]) => [name, { name, role: 'service', at, ...service }]);
  return {
    system: 'shop',
    features: new Map(features as never),
    services: new Map(known as never),
    dependencies: [],
  } as unknown as Model;
}
