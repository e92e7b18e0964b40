import { formatPosition } from '../../generator/diagnostics/position.js';
import type { Run } from '../history.js';
import type { Violation } from '../invariants/invariant.js';
import { invariants } from '../invariants/registry.js';
import { writePlan } from '../kept-plan.js';
import type { Plan } from '../plan.js';
import { timelineOf } from '../report/timeline.js';
import { planInWords } from '../report/words.js';
import type { FailureReport } from '../result.js';
import type { KeptMix } from './kept-mix.js';
import { mixInWords } from './mix-in-words.js';
import type { Revisions } from './revisions.js';
import { understanding } from './understanding.js';

/** A plan of two revisions that broke a promise. */
export interface BrokenMix {
  readonly plan: Plan;
  readonly mixed: KeptMix;
  readonly run: Run;
  readonly violations: readonly [Violation, ...Violation[]];
  /** The how manieth schedule it was, from 1. */
  readonly schedule: number;
  readonly schedules: number;
  /** The plan as it was found, and the runs that made it smaller. */
  readonly found: Plan;
  readonly tries: number;
}

export interface MixedReportOptions {
  /** Edge and order, for people. */
  readonly target: string;
  /** The same for the name of a file. */
  readonly name: string;
  /** What to do about it. */
  readonly advice: string;
  /** Writes the plan below the project; default true. */
  readonly keepPlans?: boolean | undefined;
}

/** A broken promise for the report: what broke, between which revisions, and which order would have been safe. */
export function mixedReport(
  revisions: Revisions,
  broken: BrokenMix,
  { target, name, advice, keepPlans = true }: MixedReportOptions,
): FailureReport {
  const { plan, mixed, run, violations, schedule, schedules, found, tries } = broken;
  const [violation] = violations;
  const { id, promise } = invariants.find((one) => one.id === violation.invariant) ?? understanding;
  const file = keepPlans
    ? writePlan(revisions.new.project, `${plan.service}-${plan.scenario}-${name}-${plan.seed}-${schedule}`, broken)
    : undefined;
  return {
    invariant: id,
    sentence: `${violation.sentence} ${advice}`,
    ...{ promise, service: violation.service, target, schedule, schedules, plan },
    ...(violation.contract !== undefined && { contract: formatPosition(violation.contract) }),
    words: [...mixInWords(mixed, plan.service), ...planInWords(plan)],
    timeline: timelineOf(run, violation),
    ...('expected' in violation && { expected: plainValue(violation.expected) }),
    ...('actual' in violation && { actual: plainValue(violation.actual) }),
    shrunk: {
      from: { steps: found.steps.length, faults: found.faults.length },
      to: { steps: plan.steps.length, faults: plan.faults.length },
      tries,
    },
    ...(file !== undefined && { file }),
  };
}

function plainValue(value: unknown): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)));
}
