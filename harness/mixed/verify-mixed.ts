import { UsageError } from '../../runtime/errors.js';
import type { ScenarioResult, ServiceResult } from '../result.js';
import type { SystemUnderTest } from '../system.js';
import { callEdges } from './calls/edges.js';
import { verifyCalls } from './calls/verify-calls.js';
import { type LoneEdge, type MixedEdge, mixedEdges } from './edges.js';
import { mixedInvariants } from './judge.js';
import { mixedBetween } from './kept-mix.js';
import { type Order, orders } from './orders.js';
import { type Outcome, playOrder } from './play-order.js';
import { mixedReport } from './report.js';
import type { MixedWith, Revisions } from './revisions.js';
import { safeOrder } from './safe-order.js';
import { type MixedScenario, mixedScenarios } from './scenarios.js';

export interface MixedOptions {
  readonly seed: number;
  /** Schedules per edge and order. Default 6. */
  readonly runs?: number;
  /** Edges that one of these services is an end of; default all. */
  readonly services?: readonly string[];
  /** Default: all three. */
  readonly scenarios?: readonly string[];
  /** Writes failing plans below the project; default true. */
  readonly keepPlans?: boolean;
  readonly progress?: (text: string) => void;
}

const runsUsual = 6;

/** The same for a system and what it is mixed with. Throws `UsageError` for scenarios that need no second revision. */
export async function verifyMixedWith(
  system: SystemUnderTest,
  { system: old, name, asked }: MixedWith,
  options: MixedOptions,
): Promise<readonly ServiceResult[]> {
  for (const id of options.scenarios ?? []) {
    if (!mixedScenarios.some((one) => one.id === id))
      throw new UsageError(
        `with two revisions the scenarios are ${mixedScenarios.map((one) => one.id).join(', ')}, not "${id}"`,
      );
  }
  return verifyMixed({ old, new: system, oldName: name, asked }, options);
}

/** Runs every edge whose ends speak differently in two revisions with both on one broker, in the orders in which they may be deployed and rolled back. */
export async function verifyMixed(revisions: Revisions, options: MixedOptions): Promise<readonly ServiceResult[]> {
  const results = new Map<string, { scenarios: ScenarioResult[]; tookMs: number }>();
  const add = async (
    { from, to }: { readonly from: string; readonly to: string },
    what: string,
    verify: () => Promise<readonly ScenarioResult[]>,
  ): Promise<void> => {
    if (options.services?.some((name) => name === to || name === from) === false) return;
    const startedAt = performance.now();
    options.progress?.(`${to}: ${what} of ${from} in two revisions`);
    const own = results.get(to) ?? { scenarios: [], tookMs: 0 };
    results.set(to, own);
    own.scenarios.push(...(await verify()));
    own.tookMs += performance.now() - startedAt;
  };
  for (const edge of mixedEdges(revisions)) {
    const from = 'from' in edge ? edge.from : edge.edge.source.service;
    await add({ from, to: edge.to }, 'messages', () => verifyEdge(revisions, edge, options));
  }
  if (options.scenarios?.includes('mixed-versions') ?? true) {
    const { seed, runs = runsUsual, keepPlans } = options;
    for (const edge of callEdges(revisions))
      await add(edge, 'calls', () => verifyCalls(revisions, edge, { seed, runs, keepPlans }));
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
  const { seed, runs = runsUsual, keepPlans } = options;
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
    outcomes.push(await playOrder(revisions, edge, order, { seed, runs }));
  }
  const advice = adviceOf(edge, outcomes);
  return outcomes
    .filter(({ order }) => wanted(order.scenario))
    .map(({ order, schedules, messages, failure, skipped }): ScenarioResult => {
      if (skipped !== undefined) return unplayed(order, skipped);
      const base = { scenario: order.scenario, seed, schedules, messages, invariants: mixedInvariants };
      const targets = [targetOf(edge, order, schedules)];
      if (failure === undefined) return { ...base, targets, status: 'passed' };
      const { found, tries, schedule, violations } = failure;
      const { start, deploys, told } = failure.plan;
      const mixed = { ...mixedBetween(revisions), kind: 'messages', from: edge.from, edge: edge.new.id } as const;
      const report = mixedReport(
        revisions,
        {
          ...{ plan: failure.plan.plan, mixed: { ...mixed, start, deploys, told } },
          ...{ run: failure.run.run, violations, schedule, schedules, found, tries },
        },
        {
          ...{ target: targetOf(edge, order, schedules).name, name: `${edge.new.name}-${order.id}`, keepPlans },
          advice: [advice, order.advice?.(edge.to)].filter((text) => text !== undefined).join(' '),
        },
      );
      const replay =
        report.file === undefined
          ? `npx seamwright verify --mixed-with ${revisions.asked} --service ${edge.to} --scenario ${order.scenario} --seed ${seed}`
          : `npx seamwright replay ${report.file}`;
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

/** What to do about an edge, from which directions hold. */
function adviceOf({ from, to }: MixedEdge, outcomes: readonly Outcome[]): string {
  const holds = (reads: Order['reads']): boolean =>
    outcomes.every(({ order, failure }) => order.reads !== reads || failure === undefined);
  return safeOrder({ name: from, first: holds('old-reads-new') }, { name: to, first: holds('new-reads-old') });
}
