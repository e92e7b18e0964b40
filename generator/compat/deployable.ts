import semver from 'semver';
import type { Model } from '../model/types.js';
import type { Judgement } from './judgement.js';

/** A service in one version, and the contracts as they stood then. */
export interface Standing {
  readonly service: string;
  readonly version: string;
  readonly model: Model;
  /** Greater is newer. */
  readonly age: number;
}

/** Why two services cannot run beside each other, or why nobody knows. */
export interface Obstacle {
  readonly verdict: 'no' | 'unproven';
  readonly rule: string;
  readonly message: string;
  readonly counterexample?: unknown;
}

/** What rules say between two revisions, the older one first. */
export type JudgeBetween = (older: Model, newer: Model) => readonly Judgement[];

/**
 * What stands in the way of two services running beside each other. Each of them speaks the contract of its own revision, so what one writes in its form
 * has to be read by the other in its own, and each has to lie in the range that the other asks for. Empty when they work together.
 */
export function obstaclesBetween(one: Standing, other: Standing, judge: JudgeBetween): readonly Obstacle[] {
  const [older, newer] = one.age <= other.age ? [one, other] : [other, one];
  const spoken =
    older.model === newer.model ? [] : judge(older.model, newer.model).flatMap((each) => inTheWay(each, older, newer));
  return [...spoken, ...outOfRange(one, other), ...outOfRange(other, one)];
}

/** The same between any states of one service and any of another, each obstacle once. */
export function obstaclesAmong(
  ones: readonly Standing[],
  others: readonly Standing[],
  judge: JudgeBetween,
): readonly Obstacle[] {
  const found = new Map<string, Obstacle>();
  for (const one of ones)
    for (const other of others)
      for (const obstacle of obstaclesBetween(one, other, judge))
        found.set(`${obstacle.rule} ${obstacle.message}`, obstacle);
  return [...found.values()];
}

function inTheWay(judgement: Judgement, older: Standing, newer: Standing): readonly Obstacle[] {
  const { verdict, order, readers, writers, rule, message, counterexample, affected, subject } = judgement;
  if ((verdict !== 'breaking' && verdict !== 'unknown') || subject.startsWith('dependency:')) return [];
  const newReads = readers.includes(newer.service) && writers.includes(older.service);
  const newWrites = writers.includes(newer.service) && readers.includes(older.service);
  const touches = [older.service, newer.service].every(
    (name) => readers.includes(name) || writers.includes(name) || affected.some(({ service }) => service === name),
  );
  const stands =
    (newReads && (order === 'writer-first' || order === 'never')) ||
    (newWrites && (order === 'reader-first' || order === 'never')) ||
    (touches && !newReads && !newWrites && (order === 'never' || order === 'any'));
  if (!stands) return [];
  return [
    {
      verdict: verdict === 'breaking' ? 'no' : 'unproven',
      rule,
      message,
      ...(counterexample === undefined ? {} : { counterexample: counterexample.value }),
    },
  ];
}

function outOfRange(consumer: Standing, provider: Standing): readonly Obstacle[] {
  const ranges = consumer.model.dependencies
    .filter((each) => each.consumer === consumer.service && each.provider === provider.service)
    .flatMap(({ range }) => range ?? []);
  return [...new Set(ranges)]
    .filter(
      (range) =>
        semver.validRange(range) !== null &&
        semver.valid(provider.version) !== null &&
        !semver.satisfies(provider.version, range, { includePrerelease: true }),
    )
    .map((range) => ({
      verdict: 'no',
      rule: 'version-range-unsatisfied',
      message: `"${consumer.service}" ${consumer.version} needs "${provider.service}" in "${range}", which does not admit ${provider.version}.`,
    }));
}

/** Providers that a service needs and that are not deployed at all. */
export function missingProviders(
  { service, version, model }: Standing,
  deployed: ReadonlySet<string>,
): readonly Obstacle[] {
  const called = model.http
    .filter(({ from, criticality }) => from === service && criticality === 'required')
    .map(({ to }) => to);
  const needed = model.dependencies.filter(({ consumer }) => consumer === service).map(({ provider }) => provider);
  return [...new Set([...needed, ...called])]
    .filter((name) => {
      const role = model.services.get(name)?.role;
      return !deployed.has(name) && role !== 'external' && role !== 'shared';
    })
    .sort()
    .map((name) => ({
      verdict: 'no',
      rule: 'provider-not-deployed',
      message: `"${service}" ${version} needs "${name}", which is not deployed.`,
    }));
}

/** Whether two services have anything to do with each other in either revision. */
export function areConnected(one: Standing, other: Standing): boolean {
  return [one.model, other.model].some(({ edges, dependencies }) =>
    [
      ...edges.map(({ from, to }) => [from, to]),
      ...dependencies.map(({ consumer, provider }) => [consumer, provider]),
    ].some((pair) => pair.includes(one.service) && pair.includes(other.service)),
  );
}
