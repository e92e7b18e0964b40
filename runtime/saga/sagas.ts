import type { Parts } from '../parts.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { SagaBook } from './book.js';
import type { SagaOutcome, SagaStarter } from './definition.js';
import type { SagaEngine } from './engine.js';
import { outcomeOf } from './outcome.js';
import { createSagaPoller } from './poller.js';
import { startRun } from './start.js';

/** The sagas of a running service. */
export interface Sagas {
  readonly engine: SagaEngine;
  /** Writes down the plans that new runs go by, and takes up what is due. */
  start(): Promise<void>;
  wake(): void;
  /** Resolves when no run is due or in work. */
  idle(): Promise<void>;
  stop(): Promise<void>;
  outcome(property: string, id: string, waitMs: number): Promise<SagaOutcome | undefined>;
}

export function createSagas(parts: Parts, book: SagaBook): Sagas {
  const engine: SagaEngine = { parts, book, watchers: new Set() };
  const poller = createSagaPoller(engine);
  const { store, clock } = parts;
  return {
    engine,
    async start() {
      await store.transaction(async (tx) => {
        for (const { plan } of book.definitions) await tx.sagas.keepPlan(plan);
      });
      poller.start();
    },
    wake() {
      poller.wake();
      for (const watcher of engine.watchers) watcher();
    },
    async idle() {
      for (;;) {
        await poller.idle();
        const busy = await store.transaction((tx) => tx.sagas.busy(clock.now()));
        if (busy === 0) return;
        poller.wake();
        await clock.sleep(10, parts.signal);
      }
    },
    stop: () => poller.stop(),
    outcome: (property, id, waitMs) => outcomeOf(engine, book.byProperty(property).plan.name, id, waitMs),
  };
}

/** `tx.sagas` of a transaction. */
export function sagaStarters(
  engine: SagaEngine,
  run: <T>(work: (unit: UnitOfWork) => Promise<T>) => Promise<T>,
): Readonly<Record<string, SagaStarter<unknown>>> {
  return Object.fromEntries(
    engine.book.definitions.map((definition) => [
      definition.property,
      { start: (input: unknown) => run((unit) => startRun(engine, unit, definition, input)) },
    ]),
  );
}
