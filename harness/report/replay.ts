import type { KeptPlan } from '../kept-plan.js';
import { mixInWords } from '../mixed/mix-in-words.js';
import type { Plan } from '../plan.js';
import type { Replayed } from '../replay.js';
import type { TimelineLine } from '../result.js';
import { noPaint, type Paint, timelineText } from './text.js';
import { timelineOf } from './timeline.js';
import { planInWords } from './words.js';

/** What came of playing a plan again; plain JSON. */
export interface ReplayReport {
  readonly system: string;
  readonly service: string;
  readonly scenario: string;
  readonly words: readonly string[];
  readonly violations: readonly { readonly invariant: string; readonly sentence: string }[];
  readonly timeline: readonly TimelineLine[];
  /** The history is another one than the plan was kept with, from this line on. */
  readonly diverged?: { readonly line: number };
}

export function replayReport(plan: Plan & Partial<KeptPlan>, { run, violations, diverged }: Replayed): ReplayReport {
  return {
    ...{ system: plan.system, service: plan.service, scenario: plan.scenario },
    words: [...(plan.mixed === undefined ? [] : mixInWords(plan.mixed, plan.service)), ...planInWords(plan)],
    violations: violations.map(({ invariant, sentence }) => ({ invariant, sentence })),
    timeline: timelineOf(run, violations[0]),
    ...(diverged !== undefined && { diverged: { line: diverged.line } }),
  };
}

export function replayText(report: ReplayReport, paint: Paint = noPaint): string {
  const { service, scenario, words, violations, diverged } = report;
  return [
    `${paint.bold(service)}  ${scenario}`,
    ...words.map((one) => `  ${one}`),
    '',
    ...timelineText(report.timeline, paint),
    '',
    ...violations.map(({ invariant, sentence }) => paint.red(`${sentence}  (${invariant})`)),
    ...(violations.length === 0 ? [paint.green('every promise holds')] : []),
    ...(diverged === undefined
      ? []
      : [
          paint.red(
            `the history is another one than when the plan was kept, from line ${diverged.line} on: the code has changed since, or it depends on more than its ports`,
          ),
        ]),
  ].join('\n');
}
