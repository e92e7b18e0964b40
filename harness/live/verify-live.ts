import { randomStream } from '../../generator/schema/random.js';
import { systemClock } from '../../runtime/clock.js';
import { UsageError } from '../../runtime/errors.js';
import type { Plan } from '../plan.js';
import type { ScenarioResult, ServiceResult } from '../result.js';
import { callOutNamed } from '../scenarios/calls-out.js';
import { scenarios } from '../scenarios/registry.js';
import type { Scenario, Target } from '../scenarios/scenario.js';
import type { Subject } from '../subject.js';
import type { SystemUnderTest } from '../system.js';
import { failureReport, skippedBy } from '../verify-simulated.js';
import { cleaningUp } from './clean-up.js';
import type { Counter } from './counter.js';
import { liveInvariants } from './judge-live.js';
import type { LeadingRequests } from './leading-request.js';
import { leadingRequests } from './leading-requests.js';
import { livePlan } from './live-plan.js';
import type { LiveWorld } from './live-world.js';
import { openWorld } from './open-world.js';
import { type Played, playLive } from './play-live.js';
import { runSettings } from './run-settings.js';
import { killsConsumer } from './trouble-live.js';

export interface LiveOptions {
  readonly seed: number;
  /** Plans per scenario and target; default 3. */
  readonly runs?: number;
  /** Ids of scenarios; default all that can be played at this level and that the contract gives occasion for. */
  readonly scenarios?: readonly string[];
  readonly progress?: (text: string) => void;
}

/** Scenarios that can be brought about from outside. */
export const liveScenarios: readonly string[] = [
  'create',
  'update',
  'delete',
  'duplicate',
  'out-of-order',
  'stale-after-delete',
  'late-dependency',
  'poison',
  'unknown-message-type',
  'crash-mid-handler',
  'crash-after-commit-before-publish',
  'connection-cut',
  'broker-restart',
  'slow-http',
  'http-5xx',
  'http-reset',
  'http-429',
  'http-timeout-unknown',
  'bad-json',
  'bulkhead-full',
  'retry-amplification',
  'concurrent-same-key',
];

/**
 * Starts a service as services.yaml says, on the broker and the PostgreSQL server that the environment names, and plays scenarios against it over the broker and HTTP
 * alone. What breaks is in the result. Rejects with `UsageError` when servers are missing or it cannot be started. Leaves nothing behind, also when interrupted.
 */
export async function verifyLive(
  system: SystemUnderTest,
  service: string,
  options: LiveOptions,
): Promise<ServiceResult> {
  const startedAt = performance.now();
  const subject = system.subject(service);
  const wanted = scenarios.filter(({ id }) => liveScenarios.includes(id) && options.scenarios?.includes(id) !== false);
  const occasions = wanted.map((scenario) => ({ scenario, occasion: occasionFor(subject, scenario) }));
  const results: ScenarioResult[] = [];
  await cleaningUp(async (defer) => {
    let session: Session | undefined;
    const counter: Counter = { steps: 0, plans: 0 };
    for (const { scenario, occasion } of occasions) {
      options.progress?.(`${service}: ${scenario.id}, live`);
      if ('none' in occasion) {
        results.push({ ...emptyResult(scenario, options), status: 'skipped', reason: occasion.none });
        continue;
      }
      session ??= { world: await openWorld(system, service, options.seed, defer), counter };
      const verified = verifyScenario(system, session, scenario, occasion.targets, options);
      results.push(await verified.catch((error: unknown) => brokenDown(scenario, options, error)));
    }
  });
  return { system: system.name, service, level: 'live', scenarios: results, tookMs: performance.now() - startedAt };
}

/** A service under test that runs, and what its scenarios have used up and found out. */
interface Session {
  readonly world: LiveWorld;
  readonly counter: Counter;
  led?: LeadingRequests;
}

function occasionFor(
  subject: Subject,
  scenario: Scenario,
): { readonly targets: readonly Target[] } | { readonly none: string } {
  const skip = skippedBy(subject, scenario.id);
  if (skip !== undefined) return { none: `the contract skips it: ${skip}` };
  const targets = scenario.targets(subject);
  if ('none' in targets) return targets;
  const { publish } = runSettings(subject.name, subject.model.services.get(subject.name)?.run).probe;
  const playable = targets.filter(({ id }) => publish !== undefined || !/^(owned|publishes):/.test(id));
  return playable.length > 0
    ? { targets: playable }
    : { none: 'the service tells only of itself, and its services.yaml names no "probe: { publish }" to ask it' };
}

function emptyResult({ id }: Scenario, { seed }: LiveOptions) {
  return { scenario: id, seed, schedules: 0, invariants: [] };
}

/** The service does not come back, or does not answer any more: nothing can be judged then. */
function brokenDown(scenario: Scenario, options: LiveOptions, error: unknown): ScenarioResult {
  if (error instanceof UsageError) throw error;
  const reason = `the scenario could not be played to its end: ${error instanceof Error ? error.message : String(error)}`;
  return { ...emptyResult(scenario, options), status: 'failed', reason };
}

async function verifyScenario(
  system: SystemUnderTest,
  session: Session,
  scenario: Scenario,
  given: readonly Target[],
  options: LiveOptions,
): Promise<ScenarioResult> {
  const base = emptyResult(scenario, options);
  const { world, counter } = session;
  const { subject } = world;
  if (scenario.id === 'broker-restart' && world.scratch.restart === undefined) {
    return {
      ...base,
      status: 'skipped',
      reason: "the broker is not the run's own: name a private one, such as SEAMWRIGHT_BROKER_URL=private:rabbitmq",
    };
  }
  // An earlier scenario may have ended with a process that had died by itself.
  if (!world.process.running) await world.process.start();
  const aboutCalls = given.some((target) => callOutNamed(subject, target) !== undefined);
  if (aboutCalls) session.led ??= await leadingRequests(world, counter);
  const { led = new Map() } = session;
  const targets = aboutCalls
    ? given.filter((target) => led.has(callOutNamed(subject, target)?.operation ?? ''))
    : given;
  if (targets.length === 0)
    return { ...base, status: 'skipped', reason: `no request makes ${subject.name} call anybody` };
  const play = async (some: readonly Target[], indices: readonly number[]) => {
    const made = livePlan(subject, scenario, some, indices, { seed: options.seed, counter, led });
    if (made === undefined) return undefined;
    return { ...made, played: await playLive(world, made.plan, randomStream(options.seed + counter.plans)) };
  };
  const indices = Array.from({ length: options.runs ?? 3 }, (_, index) => index);
  let all = await play(targets, indices);
  if (all !== undefined && aboutCalls && !isStruck(all.played)) {
    // Breakers that an earlier scenario has opened stay open for as long as the process lives.
    await world.process.kill();
    await world.process.start();
    all = await play(targets, indices);
  }
  if (all === undefined)
    return { ...base, status: 'skipped', reason: 'nothing of it happens over the broker and HTTP alone, in seconds' };
  if (aboutCalls && !isStruck(all.played))
    return { ...base, status: 'skipped', reason: 'no call was made that trouble could meet' };
  const unanswered = given.filter((target) => refusesAll(subject, target, all.played));
  for (const target of unanswered) all.schedules.delete(target);
  if (all.schedules.size === 0 && all.played.violations.length === 0)
    return { ...base, status: 'skipped', reason: refusedReason(subject, unanswered) };
  const schedules = [...all.schedules.values()].reduce((sum, count) => sum + count, 0);
  const result = {
    ...base,
    ...{ schedules, messages: all.plan.steps.length, invariants: liveInvariants.map(({ id }) => id) },
    targets: [...all.schedules].map(([{ id, name }, count]) => ({ id, name, schedules: count })),
  };
  if (all.played.violations.length === 0) return { ...result, status: 'passed' };
  // A crowd of messages is what makes a kill hurt: alone, none of its plans would.
  const single = schedules === 1 || killsConsumer(all.plan, subject);
  const smaller = single ? undefined : await aloneFailing(targets, indices, play);
  const failure = smaller ?? { target: { id: scenario.id, name: scenario.id }, schedule: 1, played: all.played };
  return { ...result, status: 'failed', ...reported(system, subject, failure, schedules, all.plan, options) };
}

/** Whether a target is an operation whose requests were all refused: nothing has happened then that could have happened twice. */
function refusesAll(subject: Subject, { id }: Target, { run: { happenings } }: Played): boolean {
  if (!id.startsWith('operation:')) return false;
  const operation = `${subject.name}.${id.slice('operation:'.length)}`;
  return !happenings.some((one) => one.kind === 'served' && one.operation === operation && one.status < 300);
}

function refusedReason({ name, model }: Subject, targets: readonly Target[]): string {
  const named = targets.map((target) => target.name).join(', ');
  const declared = runSettings(name, model.services.get(name)?.run).probe.providerStates !== undefined;
  return `every request for ${named} was refused: the service ${declared ? 'knows no state' : 'names no "probe: { provider_states }"'} in which it would be answered`;
}

/** Whether trouble has met a call. */
function isStruck({ run: { happenings } }: Played): boolean {
  return happenings.some((one) => one.kind === 'fault' && one.fault.startsWith('http-'));
}

/** How long the plan is looked for that fails alone. */
const aloneMs = 20_000;

interface Failing {
  readonly target: Target;
  readonly schedule: number;
  readonly played: Played;
}

/** The first plan that breaks a promise although nothing else goes on; undefined when it takes several at once. */
async function aloneFailing(
  targets: readonly Target[],
  indices: readonly number[],
  play: (targets: readonly Target[], indices: readonly number[]) => Promise<{ readonly played: Played } | undefined>,
): Promise<Failing | undefined> {
  const until = systemClock.now() + aloneMs;
  let schedule = 0;
  for (const target of targets) {
    for (const index of indices) {
      schedule += 1;
      if (systemClock.now() > until) return undefined;
      const one = await play([target], [index]);
      if (one !== undefined && one.played.violations.length > 0) return { target, schedule, played: one.played };
    }
  }
  return undefined;
}

function reported(
  system: SystemUnderTest,
  subject: Subject,
  { target, schedule, played: { run, violations } }: Failing,
  schedules: number,
  found: Plan,
  { seed }: LiveOptions,
): Pick<ScenarioResult, 'reason' | 'replay' | 'failure'> {
  const { plan } = run;
  const failure = { ...{ target, violations, plan, run, found, schedule }, tries: schedule };
  const report = failureReport(system, subject, failure, schedules, { keepPlans: false, seed });
  const replay = `npx seamwright verify --level live --service ${subject.name} --scenario ${plan.scenario} --seed ${seed}`;
  return { reason: report.sentence, replay, failure: report };
}
