import { UsageError } from './errors.js';
import type { Parts } from './parts.js';
import { currentScope, inScope } from './scope.js';
import type { Cause, Pending, UnitOfWork } from './unit-of-work.js';

/**
 * Runs `work` inside a transaction that the caller has begun on a client of the store's driver. It takes effect when the caller commits, and never otherwise;
 * what it sends leaves at the relay's next look after that, within a second, because nobody here learns of the commit.
 *
 * Undone down to where it began when it rejects. Messages without outbox take it all the same: only the caller knows whether they may leave.
 * Rejects with `UsageError` when the store has no such clients, when the client is in no transaction, and inside a transaction of the service.
 */
export async function within<T>(
  parts: Parts,
  client: object,
  cause: Cause,
  work: (unit: UnitOfWork) => Promise<T>,
): Promise<T> {
  const { service } = parts.definition;
  const { store } = parts;
  const around = currentScope();
  if (around?.unit !== undefined && around.service === service) {
    throw new UsageError('a transaction of this service is open already: use the one you were given');
  }
  if (store.within === undefined) {
    throw new UsageError(`the ${store.kind} store cannot join a transaction: use a "postgres:" store`);
  }
  return store.within(client, async (tx) => {
    const pending: Pending = { outbox: false, released: false, unsafe: [] };
    const unit = { tx, cause, pending, open: true };
    try {
      const result = await inScope({ service, cause, unit }, () => work(unit));
      if (pending.unsafe.length > 0) await tx.appendOutbox(pending.unsafe);
      return result;
    } finally {
      unit.open = false;
    }
  });
}
