import { formatPosition } from '../generator/diagnostics/position.js';
import { faults } from './faults/registry.js';
import type { Run } from './history.js';
import type { Violation } from './invariants/invariant.js';
import { invariants } from './invariants/registry.js';
import { writePlan } from './kept-plan.js';
import { timelineOf } from './report/timeline.js';
import { planInWords } from './report/words.js';
import type { FailureReport, ScenarioResult, ServiceResult } from './result.js';
import { scenarios as registered } from './scenarios/registry.js';
import type { Scenario, Target } from './scenarios/scenario.js';
import { type Coverage, type Failure, type Searched, type SearchOptions, search } from './search.js';
import type { SimulateOptions } from './simulate.js';
import type { Subject } from './subject.js';
import type { SystemUnderTest } from './system.js';
import { type SqlStores, sqlStores } from './world/sql-store.js';
import { NeedsSqlError } from './world/virtual-store.js';

export interface SimulatedOptions {
  readonly level: 'sim' | 'sql';
  readonly seed: number;
  /** Schedules per scenario and target. Default: what some seconds allow, 2 to 40, on an embedded database 1 to 8. */
  readonly runs?: number;
  /** Ids of scenarios; default all that the contract gives occasion for. */
  readonly scenarios?: readonly string[];
  /** Every order, duplicate and crash of up to three messages. Default: of up to two. */
  readonly exhaustive?: boolean;
  /** Writes failing plans below the project; default true. */
  readonly keepPlans?: boolean;
  /** Keeps one run of each scenario in the result, for a report that shows it. Default false. */
  readonly samples?: boolean;
  readonly progress?: (text: string) => void;
  readonly mutate?: SimulateOptions['mutate'];
}

/** Plays every scenario that the contract gives occasion for against one service, in virtual time. */
export async function verifySimulated(
  system: SystemUnderTest,
  service: string,
  options: SimulatedOptions,
): Promise<ServiceResult> {
  const startedAt = performance.now();
  const subject = system.subject(service);
  const coverage: Coverage = new Map();
  const stores: Stores = { needed: new Set() };
  const scenarios = chosen(options.scenarios);
  const runs = runsFor(subject, scenarios);
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    options.progress?.(`${service}: ${scenario.id}`);
    const failed = results.filter(({ status }) => status === 'failed').length;
    results.push(await verifyScenario(system, subject, scenario, options, stores, coverage, runs, failed));
  }
  return {
    ...{ system: system.name, service, level: options.level },
    scenarios: results,
    coverage: coverageOf(coverage, results),
    tookMs: performance.now() - startedAt,
  };
}

function chosen(ids: readonly string[] | undefined): readonly Scenario[] {
  return ids === undefined ? registered : registered.filter(({ id }) => ids.includes(id));
}

async function verifyScenario(
  system: SystemUnderTest,
  subject: Subject,
  scenario: Scenario,
  options: SimulatedOptions,
  stores: Stores,
  coverage: Coverage,
  runs: Runs,
  failed: number,
): Promise<ScenarioResult> {
  const { seed } = options;
  const base = { scenario: scenario.id, seed, schedules: 0, invariants: [] };
  const skip = skippedBy(subject, scenario.id);
  if (skip !== undefined) return { ...base, status: 'skipped', reason: `the contract skips it: ${skip}` };
  if (subject.code.create === undefined && subject.code.reason !== undefined)
    return { ...base, status: 'failed', reason: `the service cannot be put together: ${subject.code.reason}` };
  const targets = scenario.targets(subject);
  if ('none' in targets) return { ...base, status: 'skipped', reason: targets.none };

  const { failure, schedules, messages, played, sample } = await searchTargets(subject, scenario, targets, {
    ...{ seed, coverage, level: options.level },
    ...(options.exhaustive !== undefined && { exhaustive: options.exhaustive }),
    runs: options.runs === undefined ? runs : { virtual: options.runs, embedded: options.runs },
    ...(options.mutate && { mutate: options.mutate }),
    ...{ stores },
    // What one cause breaks everywhere need not be made small everywhere.
    ...(failed >= 2 && { shrinkTries: 40 }),
  });
  const result = {
    ...{ ...base, schedules, messages, invariants: invariants.map(({ id }) => id) },
    targets: [...played].map(([{ id, name }, count]) => ({ id, name, schedules: count })),
    ...(options.samples === true && sample !== undefined && { sample: sampleOf(sample) }),
  };
  if (failure === undefined) return { ...result, status: 'passed' };
  const report = failureReport(system, subject, failure, schedules, options);
  return {
    ...result,
    status: 'failed',
    reason: report.sentence,
    ...(report.file !== undefined && { replay: `npx seamwright replay ${report.file}` }),
    failure: report,
  };
}

/** An embedded database, opened when the first target needs one, and which targets those are. */
interface Stores {
  sql?: SqlStores;
  readonly needed: Set<string>;
}

/** Schedules per scenario and target. */
interface Runs {
  readonly virtual: number;
  readonly embedded: number;
}

/** What one service gets by default, shared by all that there is to play: seconds on a virtual store, and about as long on an embedded database. */
const schedulesMax: Runs = { virtual: 800, embedded: 80 };

function runsFor(subject: Subject, scenarios: readonly Scenario[]): Runs {
  let pairs = 0;
  for (const scenario of scenarios) {
    const targets = scenario.targets(subject);
    if (!('none' in targets)) pairs += targets.length;
  }
  const share = (schedules: number, least: number, most: number): number =>
    Math.min(most, Math.max(least, Math.floor(schedules / Math.max(pairs, 1))));
  return { virtual: share(schedulesMax.virtual, 2, 40), embedded: share(schedulesMax.embedded, 1, 8) };
}

interface TargetOptions extends Omit<SearchOptions, 'runs' | 'simulate'> {
  readonly runs: Runs;
  readonly stores: Stores;
  readonly mutate?: SimulateOptions['mutate'];
}

/** Searches target by target, up to the first that fails. A target whose handlers run SQL gets an embedded database; the others go on without. */
async function searchTargets(
  subject: Subject,
  scenario: Scenario,
  targets: readonly Target[],
  { runs, stores, mutate, ...options }: TargetOptions,
): Promise<Omit<Searched, 'targets'> & { readonly played: ReadonlyMap<Target, number> }> {
  const played = new Map<Target, number>(targets.map((target) => [target, 0]));
  let [schedules, messages] = [0, 0];
  let sample: Searched['sample'];
  const embedded = (target: Target): Promise<Searched> => {
    stores.needed.add(target.id);
    stores.sql ??= sqlStores(subject.name);
    const { open, busy } = stores.sql;
    const simulate = { store: open, busy, ...(mutate && { mutate }) };
    return search(subject, scenario, [target], {
      ...options,
      runs: runs.embedded,
      all: options.exhaustive === true,
      simulate,
    });
  };
  const virtual = (target: Target): Promise<Searched> =>
    search(subject, scenario, [target], { ...options, runs: runs.virtual, simulate: { ...(mutate && { mutate }) } });
  for (const target of targets) {
    const found =
      options.level === 'sql' || stores.needed.has(target.id)
        ? await embedded(target)
        : await virtual(target).catch((error: unknown) => {
            if (error instanceof NeedsSqlError) return embedded(target);
            throw error;
          });
    schedules += found.schedules;
    messages += found.messages;
    played.set(target, found.schedules);
    sample ??= found.sample;
    if (found.failure !== undefined) return { schedules, messages, played, failure: found.failure };
  }
  return { schedules, messages, played, ...(sample !== undefined && { sample }) };
}

/** What a feature that the service takes part in says against a scenario. */
export function skippedBy(subject: Subject, scenario: string): string | undefined {
  for (const feature of subject.model.features.values()) {
    if (!feature.participants.includes(subject.name)) continue;
    const skip = feature.verify?.skip.find((one) => one.scenario === scenario);
    if (skip !== undefined) return `${skip.reason} (${feature.name})`;
  }
  return undefined;
}

function sampleOf(run: Run): NonNullable<ScenarioResult['sample']> {
  return { words: planInWords(run.plan), timeline: timelineOf(run, undefined), plan: run.plan };
}

/** Every fault by every target of the service: what was never struck counts 0. */
function coverageOf(coverage: Coverage, results: readonly ScenarioResult[]): NonNullable<ServiceResult['coverage']> {
  const targets = [...new Set(results.flatMap(({ targets: played = [] }) => played.map(({ id }) => id)))].sort();
  return Object.fromEntries(
    faults.map(({ id }) => [
      id,
      Object.fromEntries(targets.map((target) => [target, coverage.get(id)?.get(target) ?? 0])),
    ]),
  );
}

/** A failure for the report, its plan written to a file. */
export function failureReport(
  system: SystemUnderTest,
  subject: Subject,
  failure: Failure,
  schedules: number,
  { keepPlans = true, seed }: Pick<SimulatedOptions, 'keepPlans' | 'seed'>,
): FailureReport {
  const { plan, run, violations, found, target, schedule, tries } = failure;
  const violation = violations[0] as Violation;
  const name = `${subject.name}-${plan.scenario}-${seed}-${schedule}`;
  const file = keepPlans ? writePlan(system.project, name, failure) : undefined;
  return {
    invariant: violation.invariant,
    sentence: violation.sentence,
    promise: invariants.find(({ id }) => id === violation.invariant)?.promise ?? 'The same plan gives the same run.',
    service: violation.service,
    ...(violation.contract !== undefined && { contract: formatPosition(violation.contract) }),
    target: target.name,
    ...{ schedule, schedules, plan },
    words: planInWords(plan),
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

/** Versions hold integers that JSON has no word for. */
function plainValue(value: unknown): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)));
}
