import { randomStream } from '../generator/schema/random.js';
import type { Run } from './history.js';
import type { Violation } from './invariants/invariant.js';
import { violationsOf } from './invariants/registry.js';
import type { Plan } from './plan.js';
import type { Scenario, Target } from './scenarios/scenario.js';
import { shrink } from './shrink.js';
import { type SimulateOptions, simulate } from './simulate.js';
import type { Subject } from './subject.js';
import { traceText } from './world/witness.js';

export interface SearchOptions {
  readonly level: Plan['level'];
  readonly seed: number;
  /** Schedules per target at most; the first ones are the simplest. */
  readonly runs: number;
  readonly simulate: SimulateOptions;
  /** See `Draw.exhaustive`. Default false. */
  readonly exhaustive?: boolean;
  /** Plays all plans of a scenario that enumerates them. Default true; on a slow store some of them have to do. */
  readonly all?: boolean;
  /** Counts what the faults of a run struck. */
  readonly coverage?: Coverage;
  /** Stops the search, such as when its time is up. Asked before each schedule. */
  readonly enough?: () => boolean;
  /** Invariants that count; default: all. */
  readonly only?: (violation: Violation) => boolean;
  /** Tries that shrinking may take. Default 250. */
  readonly shrinkTries?: number;
}

/** What a search over one scenario found. */
export interface Searched {
  readonly schedules: number;
  readonly messages: number;
  readonly failure?: Failure;
  /** Schedules by target. */
  readonly targets: ReadonlyMap<Target, number>;
  /** The run with most faults among those that held. */
  readonly sample?: Run;
}

/** A plan that breaks a promise, as small as it could be made. */
export interface Failure {
  readonly target: Target;
  /** The how manieth schedule it was, from 1. */
  readonly schedule: number;
  readonly violations: readonly Violation[];
  readonly plan: Plan;
  readonly run: Run;
  /** The plan as it was found. */
  readonly found: Plan;
  /** Runs that shrinking took. */
  readonly tries: number;
}

/** How often each fault has struck each target, by fault and id of the target. */
export type Coverage = Map<string, Map<string, number>>;

/** One schedule in so many is played twice. */
const repeatEvery = 20;

/** Plays a scenario on each of its targets, simplest plans first, until a promise breaks or the schedules are used up. */
export async function search(
  subject: Subject,
  scenario: Scenario,
  targets: readonly Target[],
  options: SearchOptions,
): Promise<Searched> {
  const { runs, enough = () => false, only = () => true, all: whole = true } = options;
  let schedules = 0;
  let messages = 0;
  let sample: Run | undefined;
  const played = new Map<Target, number>(targets.map((target) => [target, 0]));
  const soFar = () => ({ schedules, messages, targets: played, ...(sample !== undefined && { sample }) });
  for (const target of targets) {
    for (let index = 0; index < runs || (scenario.enumerates === true && whole); index++) {
      if (enough()) return soFar();
      const plan = planFor(subject, scenario, target, index, options);
      if (plan === undefined) break;
      schedules += 1;
      played.set(target, (played.get(target) ?? 0) + 1);
      messages += plan.steps.length;
      const run = await simulate(subject, plan, options.simulate);
      count(run, target, options.coverage);
      const violations = violationsOf(run, subject).filter(only);
      const twice = index % repeatEvery === 0 && violations.length === 0;
      const all = twice ? await playedAgain(subject, plan, run, options.simulate) : violations;
      if (all.length === 0) {
        if (sample === undefined || strikes(run) > strikes(sample)) sample = run;
        continue;
      }
      const failure = { target, schedule: schedules, violations: all, plan, run, found: plan, tries: 0 };
      return { ...soFar(), failure: await smallest(subject, failure, options) };
    }
  }
  return soFar();
}

/** The plan number `index` of a scenario for a target; the same for the same arguments. */
export function planFor(
  subject: Subject,
  scenario: Scenario,
  target: Target,
  index: number,
  { seed, level, exhaustive = false }: Pick<SearchOptions, 'seed' | 'level' | 'exhaustive'>,
): Plan | undefined {
  const random = randomStream(hash(`${seed}/${scenario.id}/${target.id}/${index}`));
  const draft = scenario.plan(target, { subject, index, random, exhaustive });
  if (draft === undefined) return undefined;
  return {
    ...{ seamwright: 1, system: subject.system, service: subject.name, scenario: scenario.id, level, seed },
    jitter: 0,
    ...draft,
  };
}

/** A plan that gives two different runs proves nothing: something in the service is not the world's. */
async function playedAgain(
  subject: Subject,
  plan: Plan,
  first: Run,
  options: SimulateOptions,
): Promise<readonly Violation[]> {
  const second = await simulate(subject, plan, options);
  const difference = divergence(first, second);
  return difference === undefined ? [] : [difference];
}

/** The first line in which two runs of one plan differ, as a violation. */
export function divergence(first: Run, second: Run): Violation | undefined {
  if (first.trace === second.trace) return undefined;
  const [before, after] = [first, second].map(({ happenings }) => traceText(happenings).split('\n'));
  const line = before?.findIndex((text, index) => text !== after?.[index]) ?? -1;
  const at = first.happenings[line];
  return {
    invariant: 'same-plan-same-run',
    sentence: 'The same plan gave two different runs: something in the service depends on more than its ports.',
    service: first.plan.service,
    ...(at !== undefined && { at }),
    expected: before?.[line],
    actual: after?.[line],
  };
}

async function smallest(subject: Subject, failure: Failure, options: SearchOptions): Promise<Failure> {
  const [broken] = failure.violations;
  if (broken === undefined || broken.invariant === 'same-plan-same-run') return failure;
  const { only = () => true } = options;
  const shrunk = await shrink(failure.plan, options.shrinkTries ?? 250, async (plan) => {
    const run = await simulate(subject, plan, options.simulate);
    const violations = violationsOf(run, subject).filter(only);
    return violations.some(({ invariant }) => invariant === broken.invariant) ? { run, violations } : undefined;
  });
  if (shrunk.result === undefined) return { ...failure, tries: shrunk.tries };
  const violations = [...shrunk.result.violations].sort((a, b) => rank(a, broken) - rank(b, broken));
  return { ...failure, plan: shrunk.plan, run: shrunk.result.run, violations, tries: shrunk.tries };
}

function rank(violation: Violation, first: Violation): number {
  return violation.invariant === first.invariant ? 0 : 1;
}

function count(run: Run, { id }: Target, coverage: Coverage | undefined): void {
  if (coverage === undefined) return;
  for (const happening of run.happenings) {
    if (happening.kind !== 'fault') continue;
    const struck = coverage.get(happening.fault) ?? new Map<string, number>();
    coverage.set(happening.fault, struck);
    struck.set(id, (struck.get(id) ?? 0) + 1);
  }
}

function strikes(run: Run): number {
  return run.happenings.filter(({ kind }) => kind === 'fault').length;
}

function hash(text: string): number {
  let value = 2_166_136_261;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16_777_619);
  return value >>> 0;
}
