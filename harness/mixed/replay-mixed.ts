import { UsageError } from '../../runtime/errors.js';
import type { Run } from '../history.js';
import type { Violation } from '../invariants/invariant.js';
import type { Plan } from '../plan.js';
import { callEdges } from './calls/edges.js';
import { playMixedCalls } from './calls/verify-calls.js';
import { mixedEdges } from './edges.js';
import { mixedViolations } from './judge.js';
import type { KeptCallMix, KeptMessageMix, KeptMix } from './kept-mix.js';
import { played } from './play-order.js';
import type { Revisions } from './revisions.js';

/** Plays a kept plan of two revisions again. Throws `UsageError` when the revisions at hand cannot play it. */
export async function replayMixed(
  revisions: Revisions,
  plan: Plan,
  mixed: KeptMix,
): Promise<{ readonly run: Run; readonly violations: readonly Violation[] }> {
  return mixed.kind === 'calls' ? replayCalls(revisions, plan, mixed) : replayMessages(revisions, plan, mixed);
}

async function replayCalls(revisions: Revisions, plan: Plan, { from, client }: KeptCallMix) {
  const edge = callEdges(revisions).find((one) => one.from === from && one.to === plan.service);
  if (edge === undefined) throw new UsageError(`${from} no longer calls ${plan.service}`);
  return playMixedCalls(revisions, edge, client, plan);
}

async function replayMessages(
  revisions: Revisions,
  plan: Plan,
  { from, edge: id, start, deploys, told }: KeptMessageMix,
) {
  const edge = mixedEdges(revisions).find((one) => 'from' in one && one.to === plan.service && one.new.id === id);
  if (edge === undefined || !('from' in edge) || edge.from !== from)
    throw new UsageError(`${plan.service} no longer has the edge "${id}" from ${from} in both revisions`);
  const mixedPlan = { plan, start, deploys, told };
  const done = await played(revisions, edge, mixedPlan);
  if (done === undefined)
    throw new UsageError(
      `the tables of ${plan.service} differ between the revisions, and a simulation has no migrations`,
    );
  return { run: done.run, violations: mixedViolations(revisions, edge, mixedPlan, done) };
}
