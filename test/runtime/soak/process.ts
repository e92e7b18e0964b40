import type { MemoryBroker, MemoryConnection } from '../../../runtime/brokers/memory.js';
import type { Store } from '../../../runtime/stores/store.js';
import { aroundTransactions } from '../world/around-store.js';

/** What one life of a process runs on. Killed, it answers nobody any more: what it had not committed is rolled back, its messages go to its successor. */
export interface Life {
  readonly broker: MemoryConnection;
  readonly store: Store;
  kill(): void;
}

export function lifeOn(broker: MemoryBroker, store: Store): Life {
  const connection = broker.connect();
  let dead = false;
  let die = (_: Error): void => {};
  const death = new Promise<never>((_, reject) => {
    die = reject;
  });
  death.catch(() => {});
  return {
    broker: connection,
    store: aroundTransactions(store, async (work) => {
      if (dead) return silence();
      try {
        const result = await store.transaction(async (tx) => {
          const done = await Promise.race([work(tx), death]);
          if (dead) throw new Error('dead before the commit');
          return done;
        });
        // Committed, and nobody heard of it.
        return dead ? silence() : result;
      } catch (error) {
        if (dead) return silence();
        throw error;
      }
    }),
    kill() {
      dead = true;
      die(new Error('killed'));
      void connection.close();
    },
  };
}

function silence(): Promise<never> {
  return new Promise(() => {});
}
