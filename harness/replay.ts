import { UsageError } from '../runtime/errors.js';
import type { Run } from './history.js';
import type { Violation } from './invariants/invariant.js';
import { violationsOf } from './invariants/registry.js';
import { type KeptPlan, lineHashes } from './kept-plan.js';
import type { MixedWith } from './mixed/revisions.js';
import type { Plan } from './plan.js';
import { simulate } from './simulate.js';
import type { SystemUnderTest } from './system.js';
import { sqlStores } from './world/sql-store.js';
import { NeedsSqlError } from './world/virtual-store.js';

/** What a plan does now. */
export interface Replayed {
  readonly run: Run;
  readonly violations: readonly Violation[];
  /** Where the history is another one than when the plan was kept; absent when it is the same, or when the plan says nothing of it. */
  readonly diverged?: { readonly line: number; readonly happening: unknown };
}

/**
 * Plays a kept plan again. The history must be the one that was kept: a plan that now runs otherwise says so, whatever it breaks. `old`: the older revision,
 * for a plan of two.
 */
export async function replay(
  system: SystemUnderTest,
  plan: Plan & Partial<KeptPlan>,
  old?: MixedWith,
): Promise<Replayed> {
  if (plan.system !== system.name)
    throw new UsageError(`the plan is for "${plan.system}", the contracts are those of "${system.name}"`);
  const { run, violations } = await playedAgain(system, plan, old);
  const { expected } = plan;
  if (expected === undefined || expected.trace === run.trace) return { run, violations };
  const now = lineHashes(run);
  const line = expected.lines.findIndex((hash, index) => hash !== now[index]);
  const at = line === -1 ? expected.lines.length : line;
  return { run, violations, diverged: { line: at + 1, happening: run.happenings[at] } };
}

async function playedAgain(
  system: SystemUnderTest,
  plan: Plan & Partial<KeptPlan>,
  old: MixedWith | undefined,
): Promise<Replayed> {
  const { mixed } = plan;
  if (mixed !== undefined) {
    if (old === undefined) throw new UsageError(`the plan needs the older revision "${mixed.with}" beside this one`);
    const { replayMixed } = await import('./mixed/replay-mixed.js');
    return replayMixed({ old: old.system, new: system, oldName: mixed.revision, asked: mixed.with }, plan, mixed);
  }
  const run = await played(system, plan);
  return { run, violations: violationsOf(run, system.subject(plan.service)) };
}

async function played(system: SystemUnderTest, plan: Plan): Promise<Run> {
  const subject = system.subject(plan.service);
  const embedded = (): Promise<Run> => {
    const sql = sqlStores(plan.service);
    return simulate(subject, plan, { store: sql.open, busy: sql.busy });
  };
  if (plan.level === 'sql') return embedded();
  try {
    return await simulate(subject, plan);
  } catch (error) {
    if (error instanceof NeedsSqlError) return embedded();
    throw error;
  }
}
