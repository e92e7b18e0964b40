import type { RandomStream } from '../../generator/schema/random.js';
import { systemClock } from '../../runtime/clock.js';
import type { Happening, Run } from '../history.js';
import type { Violation } from '../invariants/invariant.js';
import type { Plan } from '../plan.js';
import type { Levers } from '../world/trouble.js';
import { traceOf } from '../world/witness.js';
import { judgeLive } from './judge-live.js';
import { type LiveWorld, queuesIn } from './live-world.js';
import { type Look, look } from './look.js';
import { performLive } from './perform-live.js';
import { Stage } from './stage.js';
import { killsConsumer, troubleLive } from './trouble-live.js';

/** Real ms that one ms of a plan takes, where a plan lets time pass. */
const slower = 8;
/** Nothing has changed for so long: it is at rest when no promise is broken, will not mend itself otherwise, or is stuck with work that it does not do. */
const quietMs = { kept: 500, broken: 3_000, stuck: 15_000 };
const patienceMs = 45_000;

/** Timers and sockets of a busy machine may be so much late, ms. */
const lateMs = 1_000;

export interface Played {
  readonly run: Run;
  readonly violations: readonly Violation[];
}

/** Plays one plan on real servers and waits until it has come to rest. What goes wrong in the service is in the run. */
export async function playLive(world: LiveWorld, plan: Plan, random: RandomStream): Promise<Played> {
  const stage = new Stage(
    plan,
    world.subject,
    world.url,
    levers(world.subject.name),
    killsConsumer(plan, world.subject),
  );
  world.stage = stage;
  const trouble = troubleLive(world, plan, random);
  let at = 0;
  const asked: Promise<void>[] = [];
  for (const step of plan.steps) {
    const pauseMs = step.at - at;
    at = step.at;
    if (step.do === 'call') {
      // Those that wait do so for the answers to those before them, and all of them for what they name.
      if (pauseMs > 5) await Promise.all(asked);
      if (asked.length === 0) await heard(world);
      asked.push(performLive(world, step));
      continue;
    }
    if (pauseMs > 5) await systemClock.sleep(pauseMs * slower);
    await performLive(world, step);
    await trouble.after(step);
  }
  await Promise.all(asked);
  await world.cast.told();
  if (stage.gathered > 0) await trouble.killInCrowd();
  await trouble.end();
  if (stage.held > 0) {
    // What overtakes has to be there before what is overtaken.
    await emptied(world);
    await stage.release();
  }
  return atRest(world, plan, stage);
}

/** Resolves when the service has taken what was told, as far as a few seconds allow. */
async function heard(world: LiveWorld): Promise<void> {
  await world.cast.told();
  await emptied(world);
}

/** What happens to processes and lines is not done through the faults' own levers here. */
function levers(consumer: string): Levers {
  const none = (): void => {};
  return { cut: none, restore: none, crash: none, join: none, replay: none, serviceOfQueue: () => consumer };
}

/** Resolves when the service has taken all that lies in its queues, or does not within a few seconds. */
async function emptied({ subject, broker }: LiveWorld): Promise<void> {
  const queues = queuesIn(subject, subject.name);
  const until = systemClock.now() + 5_000;
  while (queues.length > 0 && systemClock.now() < until) {
    const depths = await Promise.all(queues.map((queue) => broker.admin.depth(queue)));
    if (depths.every((depth) => (depth?.ready ?? 0) + (depth?.inFlight ?? 0) === 0)) break;
    await systemClock.sleep(50);
  }
  // What was handed out last may still be in work.
  await systemClock.sleep(150);
}

async function atRest(world: LiveWorld, plan: Plan, stage: Stage): Promise<Played> {
  const until = systemClock.now() + patienceMs;
  let before = '';
  let since = systemClock.now();
  for (;;) {
    const seen = await look(world, stage.witness).catch((error: unknown) => {
      if (systemClock.now() > until) throw error;
      return undefined;
    });
    const now = systemClock.now();
    if (seen !== undefined) {
      const text = `${stage.calls.underWay} ${textOf(seen)}`;
      if (text !== before) since = now;
      before = text;
      const waiting = [...seen.end.queues.values()].some(({ delayed }) => delayed > 0);
      const late = now > until || (!waiting && now - since >= quietMs.stuck);
      const run = runOf(world, plan, stage, seen, late);
      const violations = judgeLive(run, world.subject);
      const idle = [...seen.end.queues.values()].every(
        ({ ready, inFlight, delayed }) => ready + inFlight + delayed === 0,
      );
      const open = stage.calls.underWay > 0 || [...seen.end.services.values()].some(({ outbox }) => outbox > 0);
      const quiet = now - since >= (violations.length === 0 ? quietMs.kept : quietMs.broken);
      if (late || (quiet && idle && !open)) return { run, violations };
    }
    await systemClock.sleep(100);
  }
}

function runOf(world: LiveWorld, plan: Plan, stage: Stage, { end, handled }: Look, late: boolean): Run {
  const service = world.subject.name;
  const at = stage.witness.now;
  const happenings: readonly Happening[] = [
    ...stage.witness.happenings,
    ...handled.map((one) => ({ at, service, ...one })),
    ...(world.process.accident === undefined
      ? []
      : [{ at, service, kind: 'uncaught' as const, error: world.process.accident }]),
    ...(late ? [{ at, service, kind: 'restless' as const }] : []),
  ];
  return {
    plan,
    happenings,
    end,
    slackMs: lateMs,
    tookMs: at,
    get trace() {
      return traceOf(happenings);
    },
  };
}

function textOf(seen: Look): string {
  return JSON.stringify(seen, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return value instanceof Map ? [...value] : value;
  });
}
