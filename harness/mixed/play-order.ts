import type { Violation } from '../invariants/invariant.js';
import type { Plan } from '../plan.js';
import { shrink } from '../shrink.js';
import { sqlStores } from '../world/sql-store.js';
import { NeedsSqlError } from '../world/virtual-store.js';
import type { MixedEdge } from './edges.js';
import { mixedViolations } from './judge.js';
import type { Order } from './orders.js';
import { type MixedPlan, mixedPlan } from './plan.js';
import { type MixedRun, playMixed } from './play.js';
import type { Revisions, Version } from './revisions.js';

export interface Outcome {
  readonly order: Order;
  readonly schedules: number;
  readonly messages: number;
  readonly failure?: MixedFailure;
  /** Why nothing can be said about it. */
  readonly skipped?: string;
}

/** An order on an edge that broke a promise, as small as it could be made. */
export interface MixedFailure {
  readonly order: Order;
  readonly plan: MixedPlan;
  readonly run: MixedRun;
  readonly violations: readonly [Violation, ...Violation[]];
  /** The how manieth schedule it was, from 1. */
  readonly schedule: number;
  /** The plan as it was found. */
  readonly found: Plan;
  /** Runs that shrinking took. */
  readonly tries: number;
}

export interface PlayOrderOptions {
  readonly seed: number;
  readonly runs: number;
}

/** Tries that shrinking may take: each may be three runs, on an embedded database where handlers run SQL. */
const shrinkTries = 80;

/** Plays one order on one edge, the simplest schedules first, until a promise breaks that neither revision breaks by itself. */
export async function playOrder(
  revisions: Revisions,
  edge: MixedEdge,
  order: Order,
  { runs, seed }: PlayOrderOptions,
): Promise<Outcome> {
  const unfit = order.unfit?.(edge);
  if (unfit !== undefined) return { order, schedules: 0, messages: 0, skipped: unfit };
  let messages = 0;
  for (let index = 0; index < runs; index++) {
    const plan = mixedPlan(revisions, edge, order, { index, seed });
    messages += plan.plan.steps.length;
    const run = await played(revisions, edge, plan);
    if (run === undefined)
      return { order, schedules: index, messages, skipped: 'its tables differ, and a simulation has no migrations' };
    const [violation, ...others] = mixedViolations(revisions, edge, plan, run);
    if (violation === undefined) continue;
    const schedules = index + 1;
    const alone = await brokenAlone(revisions, edge, plan, violation.invariant);
    if (alone !== undefined)
      return {
        ...{ order, schedules, messages },
        skipped: `the ${alone} revision breaks ${violation.invariant} by itself: verify it first`,
      };
    const found = { order, plan, run, violations: [violation, ...others], schedule: schedules } as const;
    return { order, schedules, messages, failure: await smallest(revisions, edge, found) };
  }
  return { order, schedules: runs, messages };
}

/** Leaves out what the broken promise does not need. Who is deployed, and when, stays as the order has it. */
async function smallest(
  revisions: Revisions,
  edge: MixedEdge,
  failure: Omit<MixedFailure, 'found' | 'tries'>,
): Promise<MixedFailure> {
  const { plan: found } = failure.plan;
  const { invariant } = failure.violations[0];
  const { needs = [] } = failure.order;
  const { result, tries } = await shrink(found, shrinkTries, async (smaller) => {
    if (!needs.every((id) => smaller.faults.some(({ fault }) => fault === id))) return undefined;
    const left = new Set(smaller.steps.map(({ id }) => id));
    const plan = { ...failure.plan, plan: smaller, told: failure.plan.told.filter((id) => left.has(id)) };
    const run = await played(revisions, edge, plan);
    if (run === undefined) return undefined;
    const violations = mixedViolations(revisions, edge, plan, run);
    const broken = violations.find((one) => one.invariant === invariant);
    if (broken === undefined || (await brokenAlone(revisions, edge, plan, invariant)) !== undefined) return undefined;
    return { plan, run, violations: [broken, ...violations.filter((one) => one !== broken)] as const };
  });
  return { ...failure, ...result, found, tries };
}

/** A run on a virtual store, or on an embedded database where handlers run SQL. Undefined: it would need a migration on the way. */
export async function played(revisions: Revisions, edge: MixedEdge, plan: MixedPlan): Promise<MixedRun | undefined> {
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
  invariant: string,
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
