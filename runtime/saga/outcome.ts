import type { SagaRecord } from '../stores/saga-rows.js';
import type { SagaOutcome } from './definition.js';
import type { SagaEngine } from './engine.js';

/** How often somebody who waits looks for what another process has done, in ms. */
const lookMs = 100;

/** Where a run has come to, once it has ended or got stuck, or `waitMs` are over. */
export async function outcomeOf(
  engine: SagaEngine,
  saga: string,
  id: string,
  waitMs: number,
): Promise<SagaOutcome | undefined> {
  const { clock, store } = engine.parts;
  const until = clock.now() + waitMs;
  for (;;) {
    const moved = nextMove(engine);
    try {
      const record = await store.transaction((tx) => tx.sagas.find(saga, id));
      const leftMs = until - clock.now();
      if (record === null || record.status !== 'running' || leftMs <= 0)
        return record === null ? undefined : told(record);
      await moved.orAfter(Math.min(leftMs, lookMs));
    } finally {
      moved.forget();
    }
  }
}

function told({ id, status, run }: SagaRecord): SagaOutcome {
  const why = status === 'stuck' ? (run.hindrance ?? run.failure) : status === 'compensated' ? run.failure : undefined;
  return { id, state: status, steps: run.outputs, ...(why !== undefined && { failure: why }) };
}

/** Listens from now on, so that nothing between a look and a wait is missed. */
function nextMove({ parts, watchers }: SagaEngine) {
  let wake = (): void => {};
  let cancel = (): void => {};
  const moved = new Promise<void>((resolve) => {
    wake = resolve;
  });
  watchers.add(wake);
  return {
    orAfter: (ms: number) => {
      cancel = parts.clock.timer(ms, wake);
      return moved;
    },
    forget(): void {
      cancel();
      watchers.delete(wake);
    },
  };
}
