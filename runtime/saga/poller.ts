import { background } from '../background.js';
import { outOfScope } from '../scope.js';
import { drive } from './drive.js';
import { holdMs } from './due.js';
import type { SagaEngine } from './engine.js';
import type { SagaStepPlan } from './plan.js';

/** Takes up runs that are due, of whatever process they come from. */
export interface SagaPoller {
  wake(): void;
  start(): void;
  /** Resolves when nothing is in work. */
  idle(): Promise<void>;
  /** Takes up no more, and lets what is in work come to the end of what it is at. */
  stop(): Promise<void>;
}

const sweepMs = 1_000;
/** Runs in work at the same time. */
const inWorkMax = 32;
const countEveryMs = 5_000;

export function createSagaPoller(engine: SagaEngine): SagaPoller {
  const { parts } = engine;
  const { clock, store, log, telemetry } = parts;
  const inWork = new Set<Promise<void>>();
  const gauges = new Set<string>();
  const holdsMs = longestHold(engine);
  let cancelTimer = (): void => {};
  let timerAt = Number.POSITIVE_INFINITY;
  let countAt = 0;

  const task = background(
    async () => {
      // First of all, so that a look that fails is followed by another one.
      schedule(clock.now() + sweepMs, true);
      while (await takeSome());
      const next = await store.transaction((tx) => tx.sagas.nextDueAt());
      if (next !== undefined) schedule(next);
      if (clock.now() >= countAt) await count();
    },
    (error) => log.warn({ error }, 'runs of sagas could not be looked at'),
  );

  /** True when there may be more. */
  async function takeSome(): Promise<boolean> {
    const limit = inWorkMax - inWork.size;
    if (limit <= 0 || parts.signal.aborted) return false;
    const nowMs = clock.now();
    const taken = await store.transaction((tx) => tx.sagas.takeDue({ nowMs, untilMs: nowMs + holdsMs, limit }));
    for (const { abandoned, ...record } of taken) {
      const work = outOfScope(() => drive(engine, { record, abandoned }))
        .catch((error: unknown) =>
          log.warn({ saga: record.saga, run: record.id, error }, 'a saga could not go on, trying again later'),
        )
        .then((dueAt) => {
          const full = inWork.size >= inWorkMax;
          inWork.delete(work);
          // There was no room for more; otherwise nobody but time has to wake it.
          if (full) task.wake();
          else if (typeof dueAt === 'number') schedule(dueAt);
        });
      inWork.add(work);
    }
    return taken.length === limit;
  }

  async function count(): Promise<void> {
    countAt = clock.now() + countEveryMs;
    const found = new Map(
      (await store.transaction((tx) => tx.sagas.counts())).map((one) => [`${one.status} ${one.saga}`, one]),
    );
    for (const { plan } of engine.book.definitions) {
      for (const status of ['running', 'stuck'] as const) gauges.add(`${status} ${plan.name}`);
    }
    for (const name of found.keys()) gauges.add(name);
    for (const name of gauges) {
      const [status = '', ...saga] = name.split(' ');
      telemetry.gauge(`seamwright.saga.${status}`, found.get(name)?.count ?? 0, { saga: saga.join(' ') });
    }
  }

  function schedule(at: number, anew = false): void {
    if (parts.signal.aborted || (!anew && at >= timerAt)) return;
    cancelTimer();
    timerAt = at;
    cancelTimer = clock.timer(Math.max(at - clock.now(), 1), () => {
      timerAt = Number.POSITIVE_INFINITY;
      task.wake();
    });
  }

  return {
    wake: task.wake,
    start: task.wake,
    async idle() {
      for (;;) {
        await task.idle();
        if (inWork.size === 0) return;
        await Promise.all(inWork);
      }
    },
    async stop() {
      cancelTimer();
      await task.stop();
      await Promise.all(inWork);
      cancelTimer();
    },
  };
}

/** Taken runs are of any step: held for as long as the slowest may take. */
function longestHold({ book }: SagaEngine): number {
  const steps: readonly SagaStepPlan[] = book.definitions.flatMap(({ plan }) => plan.steps);
  const calls = steps.filter(({ action, compensate, query }) =>
    [action, compensate?.action, query].some((one) => one?.kind === 'call'),
  );
  return Math.max(30_000, ...calls.map(holdMs));
}
