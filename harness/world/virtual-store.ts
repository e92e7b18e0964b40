import type { Clock } from '../../runtime/clock.js';
import { UsageError } from '../../runtime/errors.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import type { Store, Transaction } from '../../runtime/stores/store.js';

/** A handler ran SQL on a store that has none: the service has to be simulated with an embedded database. */
export class NeedsSqlError extends UsageError {
  constructor(readonly service: string) {
    super(`${service} runs SQL while it handles messages`);
  }
}

/**
 * The store of a simulated service that needs no SQL: transactions interleave at every `await`. The tables that a service creates for itself at its start
 * are let pass, since most services need them only for their requests; SQL at any other time rejects with `NeedsSqlError` and calls `needsSql`.
 */
export function virtualStore(service: string, clock: Clock, needsSql: (error: NeedsSqlError) => void): Store {
  const store = memoryStore({ clock });
  return {
    ...store,
    transaction: (work) =>
      store.transaction((tx) => {
        let preparing = false;
        const lock = tx.lock;
        const own: Pick<Transaction, 'lock' | 'query'> = {
          async lock(names) {
            preparing ||= names.includes(`${service}.prepare`);
            await lock(names);
          },
          async query() {
            if (preparing) return [];
            const error = new NeedsSqlError(service);
            needsSql(error);
            throw error;
          },
        };
        // Each transaction has an object of its own, and a copy of so many methods would cost more than what most transactions do.
        return work(Object.assign(tx, own));
      }),
  };
}
