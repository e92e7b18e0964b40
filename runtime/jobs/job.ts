import { background } from '../background.js';
import { stayAwake } from '../clock.js';
import { UsageError } from '../errors.js';
import { instantNanoseconds } from '../instant.js';
import type { Parts } from '../parts.js';
import { currentScope } from '../scope.js';
import { inSpan } from '../tracing.js';
import type { Cause } from '../unit-of-work.js';
import type { JobControl, JobReport } from './definition.js';
import { type Change, changeJobState, type JobRun, type JobState, readJobState, reportOf } from './job-state.js';
import { forgetFailure, keepReport, keptReport } from './kept-report.js';
import { handedOver, hasDied, holdLease, isHeld, leaseMs } from './lease.js';
import { nextTurn, occurrenceAt, type Turn } from './next-turn.js';
import type { PlannedJob } from './planned-job.js';
import { runOccurrence, type Tally } from './run-occurrence.js';
import { whenAvailable } from './when-available.js';

/** One job on one instance. */
export interface Job extends JobControl {
  /** Begins to look when it is due. */
  start(): Promise<void>;
  /** Begins no further run, and waits for the one at work: it was told by `Parts.signal`. */
  stop(): Promise<void>;
}

/** Looked at least so often: another instance may have died with a run that nobody else knows of. */
const sweepMs = 60_000;
/** While somebody waits for a run on whatever instance. */
const waitedForMs = 1_000;

interface Waiter {
  /** What led to the asking; flows into the run when this instance carries it out. */
  readonly cause: Cause | undefined;
  resolve(report: JobReport): void;
  reject(reason: unknown): void;
}

type Taken = Exclude<Turn, { kind: 'give-up' }>;

/**
 * Runs each occurrence of a job once over all instances of the service: whoever takes it writes that down under a lock, and says again and again that it is alive.
 * When it stops saying so another instance goes on, and does again only what was not done.
 */
export function createJob(parts: Parts, { definition: job, work, schedule }: PlannedJob): Job {
  const { clock, store, telemetry, log, signal } = parts;
  const me = parts.random.uuid();
  const aliveSince = clock.now();
  /** Occurrences that somebody asks for here. */
  const wanted = new Map<string, Waiter[]>();
  let cancelTimer = (): void => {};

  const task = background(
    async () => {
      // First of all, so that a look that fails is followed by another one.
      wakeAt(clock.now() + waitedForMs);
      for (;;) {
        await tellWaiters();
        const turn = await take();
        if (turn.kind === 'wait') return wakeAt(turn.untilMs);
        await carryOut(turn);
      }
    },
    (error) => {
      if (!signal.aborted) log.warn({ job: job.name, error }, 'a job could not be looked at');
    },
  );

  function wakeAt(ms: number): void {
    cancelTimer();
    const longest = wanted.size > 0 ? waitedForMs : sweepMs;
    const delayMs = Math.min(Math.max(ms - clock.now(), 1), longest);
    cancelTimer = signal.aborted ? () => {} : clock.timer(delayMs, task.wake);
  }

  const change: Change = (alter) => changeJobState(store, job.name, { upTo: aliveSince }, alter);

  /** Takes the next try, when there is one to be taken now. */
  async function take(): Promise<Taken> {
    signal.throwIfAborted();
    const { died, turn } = await change(async (tx, before) => {
      const nowMs = clock.now();
      let state = before;
      const died = hasDied(before.run, nowMs) ? before.run : undefined;
      let turn = turnOf(state, nowMs);
      if (turn.kind === 'give-up' && state.run !== undefined) {
        state = { ...state, run: { ...state.run, state: 'failed', failed: Math.max(state.run.failed, 1) } };
        await keepReport(tx, job.name, reportOf(state.run as JobRun), nowMs);
        turn = turnOf(state, nowMs);
      }
      if (turn.kind === 'give-up') throw new UsageError(`${job.name} cannot come to an end`);
      if (turn.kind === 'run') {
        const { occurrence, attempt, upTo } = turn;
        const counts = { succeeded: 0, failed: 0 };
        const held = { holder: me, until: nowMs + leaseMs };
        const run = { occurrence, attempt, state: 'running', ...held, ...counts } as const;
        state = { upTo, run };
      }
      return [state === before ? undefined : state, { died, turn }];
    });
    if (died !== undefined) tellDeath(died);
    return turn;
  }

  function turnOf(state: JobState, nowMs: number): Turn {
    const [first] = wanted.keys();
    return nextTurn(job, schedule, state, { nowMs, aliveSince, ...(first !== undefined && { wanted: first }) });
  }

  function tellDeath({ occurrence, attempt }: JobRun): void {
    telemetry.count('seamwright.job.runs', { job: job.name, outcome: 'died' });
    log.error({ job: job.name, occurrence, attempt }, 'an instance died while it ran a job');
  }

  async function carryOut(turn: Extract<Turn, { kind: 'run' }>): Promise<void> {
    const { occurrence, attempt } = turn;
    const lost = new AbortController();
    const lease = holdLease(parts, job.name, change, { ...turn, holder: me }, () =>
      lost.abort(new Error(`${job.name} was taken over by another instance`)),
    );
    const startedAt = clock.now();
    telemetry.gauge('seamwright.job.running', 1, { job: job.name });
    let tally: Tally | undefined;
    try {
      const one = { occurrence, attempt, signal: AbortSignal.any([signal, lost.signal]) };
      tally = await inSpan({ name: `run ${job.name}`, kind: 'internal', attributes: () => spanFacts(turn) }, () =>
        runOccurrence(parts, job, work, one, wanted.get(occurrence)?.[0]?.cause),
      );
    } catch (error) {
      if (!signal.aborted && !lost.signal.aborted) throw error;
    } finally {
      await lease.stop();
      telemetry.gauge('seamwright.job.running', 0, { job: job.name });
      telemetry.duration('seamwright.job.duration', (clock.now() - startedAt) / 1_000, { job: job.name });
    }
    await conclude(turn, tally);
  }

  function spanFacts({ occurrence, attempt }: Extract<Turn, { kind: 'run' }>) {
    return { 'seamwright.job': job.name, 'seamwright.occurrence': occurrence, 'seamwright.attempt': attempt };
  }

  /** Writes down what came of a try; without a tally it was broken off, and goes on elsewhere as the same try. */
  async function conclude({ occurrence, attempt }: Extract<Turn, { kind: 'run' }>, tally: Tally | undefined) {
    const ended = await whenAvailable(
      parts,
      () =>
        change(async (tx, state) => {
          const { run } = state;
          if (!isHeld(run, { occurrence, attempt, holder: me })) return [undefined, undefined];
          const nowMs = clock.now();
          const after = tally === undefined ? { ...run, ...handedOver(run) } : judged(run, tally, nowMs);
          if (after.state === 'done' || after.state === 'failed') {
            await keepReport(tx, job.name, reportOf(after), nowMs);
          }
          return [{ ...state, run: after }, after];
        }),
      signal,
    );
    if (ended !== undefined) tell(ended, tally);
  }

  function judged(run: JobRun, { succeeded, failed, broken }: Tally, nowMs: number): JobRun {
    const counted = { ...run, succeeded, failed };
    if (failed === 0 && !broken) return { ...counted, state: 'done' };
    if (run.attempt >= job.attemptsMax) return { ...counted, state: 'failed' };
    return { ...counted, state: 'waiting', until: nowMs + parts.retryDelayMs(job.retry, run.attempt) };
  }

  function tell(run: JobRun, tally: Tally | undefined): void {
    const { occurrence, attempt, state, succeeded, failed } = run;
    const outcome = tally === undefined ? 'handed-over' : state;
    telemetry.count('seamwright.job.runs', { job: job.name, outcome });
    const facts = { job: job.name, occurrence, attempt, succeeded, failed };
    if (state === 'failed') log.error(facts, 'a job has failed and is not tried again');
    else log.info(facts, `a job was run: ${outcome}`);
  }

  /** Tells those that ask for an occurrence which has come to its end, here or elsewhere. */
  async function tellWaiters(): Promise<void> {
    for (const [occurrence, waiters] of wanted) {
      const report = await store.transaction((tx) => keptReport(tx, job.name, occurrence, clock.now()));
      if (report === undefined) continue;
      wanted.delete(occurrence);
      for (const { resolve } of waiters) resolve(report);
    }
  }

  return {
    async start() {
      await change(async (_tx, state) => [undefined, tellMissed(state)]);
      task.wake();
    },
    async stop() {
      cancelTimer();
      await task.stop();
      cancelTimer();
      for (const { reject } of [...wanted.values()].flat()) reject(signal.reason);
      wanted.clear();
    },
    async run({ occurrence = occurrenceAt(clock.now()) } = {}) {
      const name = nameOf(occurrence);
      const cause = currentScope()?.cause;
      await change(async (tx) => [undefined, await forgetFailure(tx, job.name, name, clock.now())]);
      signal.throwIfAborted();
      // The caller waits, and nothing but timers that hold nobody up may be left to happen.
      const sleep = stayAwake();
      try {
        return await new Promise<JobReport>((resolve, reject) => {
          wanted.set(name, [...(wanted.get(name) ?? []), { resolve, reject, cause }]);
          task.wake();
        });
      } finally {
        sleep();
      }
    },
    async report(occurrence) {
      const name = nameOf(occurrence);
      return store.transaction(async (tx) => {
        const state = await readJobState(tx, job.name);
        if (state?.run?.occurrence === name) return reportOf(state.run);
        return keptReport(tx, job.name, name, clock.now());
      });
    },
    async last() {
      const state = await store.transaction((tx) => readJobState(tx, job.name));
      return state?.run && reportOf(state.run);
    },
  };

  function nameOf(occurrence: string): string {
    const nanoseconds = instantNanoseconds(occurrence);
    if (nanoseconds === undefined) throw new UsageError(`${job.name}: "occurrence" is no RFC 3339 instant`);
    return occurrenceAt(Number(nanoseconds / 1_000n) / 1_000);
  }

  function tellMissed({ upTo }: JobState): void {
    const missed = job.catchUp === 'none' ? schedule.latest(aliveSince) : undefined;
    if (missed === undefined || missed <= upTo || missed >= aliveSince) return;
    log.info({ job: job.name, occurrence: occurrenceAt(missed) }, 'a job was missed, and its contract catches up none');
  }
}
