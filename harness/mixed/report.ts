import { formatPosition } from '../../generator/diagnostics/position.js';
import type { Violation } from '../invariants/invariant.js';
import { invariants } from '../invariants/registry.js';
import { timelineOf } from '../report/timeline.js';
import { planInWords } from '../report/words.js';
import type { FailureReport } from '../result.js';
import type { MixedEdge } from './edges.js';
import { understanding } from './judge.js';
import type { Order } from './orders.js';
import type { MixedPlan } from './plan.js';
import type { MixedRun } from './play.js';
import type { Revisions } from './revisions.js';

/** An order on an edge that broke a promise. */
export interface MixedFailure {
  readonly order: Order;
  readonly plan: MixedPlan;
  readonly run: MixedRun;
  readonly violation: Violation;
  /** The how manieth schedule it was, from 1. */
  readonly schedule: number;
}

/** A broken promise for the report: what broke, between which revisions, and which order would have been safe. */
export function mixedFailure(
  revisions: Revisions,
  edge: MixedEdge,
  { order, plan: mixed, run: { run }, violation, schedule }: MixedFailure,
  advice: string,
  schedules: number,
): FailureReport {
  const { plan, deploys, start } = mixed;
  const { id, promise } = invariants.find((one) => one.id === violation.invariant) ?? understanding;
  const size = { steps: plan.steps.length, faults: plan.faults.length };
  return {
    invariant: id,
    sentence: `${violation.sentence} ${advice}`,
    ...{ promise, service: violation.service, schedule, schedules, plan },
    ...(violation.contract !== undefined && { contract: formatPosition(violation.contract) }),
    target: `${edge.new.name}: ${order.words(edge.from, edge.to)}`,
    words: [
      `old is ${revisions.oldName}`,
      `at first: ${start.from} ${edge.from}, ${start.to} ${edge.to}`,
      ...deploys.map(
        ({ at, end, version, downMs }) => `at ${at} ms: ${edge[end]} becomes ${version}, and is away for ${downMs} ms`,
      ),
      ...planInWords(plan),
    ],
    timeline: timelineOf(run, violation),
    ...('expected' in violation && { expected: plainValue(violation.expected) }),
    ...('actual' in violation && { actual: plainValue(violation.actual) }),
    shrunk: { from: size, to: size, tries: 0 },
  };
}

function plainValue(value: unknown): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)));
}
