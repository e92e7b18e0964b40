import { UsageError } from '../../runtime/errors.js';
import type { Violation } from '../invariants/invariant.js';
import type { ScenarioResult, ServiceResult } from '../result.js';
import type { SystemUnderTest } from '../system.js';
import { sqlStores } from '../world/sql-store.js';
import { NeedsSqlError } from '../world/virtual-store.js';
import { type LoneEdge, type MixedEdge, mixedEdges } from './edges.js';
import { mixedInvariants, mixedViolations } from './judge.js';
import { type MixedScenario, mixedScenarios, type Order, orders } from './orders.js';
import { type MixedPlan, mixedPlan } from './plan.js';
import { type MixedRun, playMixed } from './play.js';
import { type MixedFailure, mixedFailure } from './report.js';
import type { MixedWith, Revisions, Version } from './revisions.js';

export interface MixedOptions {
  readonly seed: number;
  /** Schedules per edge and order. Default 6. */
  readonly runs?: number;
  /** Edges that one of these services is an end of; default all. */
  readonly services?: readonly string[];
  /** Default: all three. */
  readonly scenarios?: readonly string[];
  readonly progress?: (text: string) => void;
}

interface Outcome {
  readonly order: Order;
  readonly schedules: number;
  readonly messages: number;
  readonly failure?: MixedFailure;
  /** Why nothing can be said about it. */
  readonly skipped?: string;
}

const runsUsual = 6;

/** The same for a system and what it is mixed with. Throws `UsageError` for scenarios that need no second revision. */
export async function verifyMixedWith(
  system: SystemUnderTest,
  { system: old, name, asked }: MixedWith,
  options: MixedOptions,
): Promise<readonly ServiceResult[]> {
  for (const id of options.scenarios ?? []) {
    if (!mixedScenarios.some((one) => one === id))
      throw new UsageError(`with two revisions the scenarios are ${mixedScenarios.join(', ')}, not "${id}"`);
  }
  return verifyMixed({ old, new: system, oldName: name, asked }, options);
}

/** Runs every edge whose ends speak differently in two revisions with both on one broker, in the orders in which they may be deployed and rolled back. */
export async function verifyMixed(revisions: Revisions, options: MixedOptions): Promise<readonly ServiceResult[]> {
  const results = new Map<string, { scenarios: ScenarioResult[]; tookMs: number }>();
  for (const edge of mixedEdges(revisions)) {
    const from = 'from' in edge ? edge.from : edge.edge.source.service;
    if (options.services?.some((name) => name === edge.to || name === from) === false) continue;
    const startedAt = performance.now();
    options.progress?.(`${edge.to}: messages of ${from} in two revisions`);
    const own = results.get(edge.to) ?? { scenarios: [], tookMs: 0 };
    results.set(edge.to, own);
    own.scenarios.push(...(await verifyEdge(revisions, edge, options)));
    own.tookMs += performance.now() - startedAt;
  }
  const system = revisions.new.name;
  return [...results].map(([service, { scenarios, tookMs }]) => ({ system, service, level: 'sim', scenarios, tookMs }));
}

async function verifyEdge(
  revisions: Revisions,
  edge: MixedEdge | LoneEdge,
  options: MixedOptions,
): Promise<readonly ScenarioResult[]> {
  const wanted = (scenario: MixedScenario): boolean => options.scenarios?.includes(scenario) ?? true;
  const { seed } = options;
  const skip = skipReason(revisions, edge);
  const unplayed = (order: Order, reason: string): ScenarioResult => ({
    ...{ scenario: order.scenario, status: 'skipped', reason, seed, schedules: 0, invariants: [] },
    targets: [targetOf(edge, order, 0)],
  });
  if (skip !== undefined || !('from' in edge))
    return orders.filter(({ scenario }) => wanted(scenario)).map((order) => unplayed(order, skip ?? ''));
  const outcomes: Outcome[] = [];
  // Which order is safe is known when both directions were tried, whatever was asked for.
  for (const order of orders) {
    if (order.scenario !== 'mixed-versions' && !wanted(order.scenario)) continue;
    outcomes.push(await playOrder(revisions, edge, order, options));
  }
  const advice = adviceOf(edge, outcomes);
  return outcomes
    .filter(({ order }) => wanted(order.scenario))
    .map(({ order, schedules, messages, failure, skipped }): ScenarioResult => {
      if (skipped !== undefined) return unplayed(order, skipped);
      const base = { scenario: order.scenario, seed, schedules, messages, invariants: mixedInvariants };
      const targets = [targetOf(edge, order, schedules)];
      if (failure === undefined) return { ...base, targets, status: 'passed' };
      const report = mixedFailure(revisions, edge, failure, advice, schedules);
      const replay = `npx seamwright verify --mixed-with ${revisions.asked} --service ${edge.to} --scenario ${order.scenario} --seed ${seed}`;
      return { ...base, targets, status: 'failed', reason: report.sentence, replay, failure: report };
    });
}

function skipReason(revisions: Revisions, edge: MixedEdge | LoneEdge): string | undefined {
  if (!('from' in edge)) return edge.reason;
  if (edge.same) return 'both revisions speak the same';
  for (const version of ['old', 'new'] as const) {
    const { create, reason } = revisions[version].services.get(edge.to) ?? {};
    if (create === undefined && reason !== undefined)
      return `the ${version} ${edge.to} cannot be put together: ${reason}`;
  }
  return undefined;
}

function targetOf(edge: MixedEdge | LoneEdge, order: Order, schedules: number) {
  const one = 'from' in edge ? edge.new : edge.edge;
  return { id: `${one.id}/${order.id}`, name: `${one.name}: ${order.words(one.source.service, edge.to)}`, schedules };
}

async function playOrder(
  revisions: Revisions,
  edge: MixedEdge,
  order: Order,
  { runs = runsUsual, seed }: MixedOptions,
): Promise<Outcome> {
  let messages = 0;
  for (let index = 0; index < runs; index++) {
    const plan = mixedPlan(revisions, edge, order, { index, seed });
    messages += plan.plan.steps.length;
    const run = await played(revisions, edge, plan);
    if (run === undefined)
      return { order, schedules: index, messages, skipped: 'its tables differ, and a simulation has no migrations' };
    const [violation] = mixedViolations(revisions, edge, plan, run);
    if (violation === undefined) continue;
    const alone = await brokenAlone(revisions, edge, plan, violation);
    if (alone !== undefined)
      return {
        ...{ order, schedules: index + 1, messages },
        skipped: `the ${alone} revision breaks ${violation.invariant} by itself: verify it first`,
      };
    return { order, schedules: index + 1, messages, failure: { order, plan, run, violation, schedule: index + 1 } };
  }
  return { order, schedules: runs, messages };
}

/** A run on a virtual store, or on an embedded database where handlers run SQL. Undefined: it would need a migration on the way. */
async function played(revisions: Revisions, edge: MixedEdge, plan: MixedPlan): Promise<MixedRun | undefined> {
  try {
    return await playMixed(revisions, edge, plan);
  } catch (error) {
    if (!(error instanceof NeedsSqlError)) throw error;
  }
  if (plan.deploys.some(({ end }) => end === 'to') && tables(revisions, edge, 'old') !== tables(revisions, edge, 'new'))
    return undefined;
  const { open, busy } = sqlStores(edge.to);
  return playMixed(revisions, edge, plan, { store: open, busy });
}

function tables(revisions: Revisions, edge: MixedEdge, version: Version): string {
  const copies = revisions[version].services.get(edge.to)?.definition.copies ?? {};
  return JSON.stringify(Object.values(copies).map(({ table }) => table));
}

/** The revision that breaks the same promise when nothing is mixed: then mixing is not to blame. */
async function brokenAlone(
  revisions: Revisions,
  edge: MixedEdge,
  plan: MixedPlan,
  { invariant }: Violation,
): Promise<Version | undefined> {
  for (const version of ['old', 'new'] as const) {
    const start = { from: version, to: version };
    const unmixed = { ...plan, start, deploys: plan.deploys.map((deploy) => ({ ...deploy, version })) };
    const run = await played(revisions, edge, unmixed);
    if (run === undefined) continue;
    const found = mixedViolations(revisions, edge, unmixed, run);
    if (found.some((one) => one.invariant === invariant)) return version;
  }
  return undefined;
}

/** What to do about an edge, from which directions hold. */
function adviceOf({ from, to }: MixedEdge, outcomes: readonly Outcome[]): string {
  const holds = (reads: Order['reads']): boolean =>
    outcomes.every(({ order, failure }) => order.reads !== reads || failure === undefined);
  const writerFirst = holds('old-reads-new');
  const readerFirst = holds('new-reads-old');
  if (readerFirst && writerFirst) return 'Any order is safe.';
  if (readerFirst) return `Safe order: deploy ${to} before ${from}, roll back ${from} before ${to}.`;
  if (writerFirst) return `Safe order: deploy ${from} before ${to}, roll back ${to} before ${from}.`;
  return 'No order is safe: add the new form beside the old one first, and remove the old one when nobody needs it.';
}
