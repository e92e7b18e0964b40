import { UsageError } from '../errors.js';
import { Cells, type CellTransaction, DeadlockError, table } from './memory/cells.js';
import { advanceGuard, claim, peekGuard } from './memory/guard.js';
import { appendOutbox, outboxBacklog, removeOutbox, takeOutbox } from './memory/outbox.js';
import { advanceOwned, listOwned, markPublished, owned } from './memory/owned.js';
import { countParked, park, releaseParked, removeParked, takeParked } from './memory/parked.js';
import { getReplica, listReplica, peekReplica, putReplica, replicaPresence } from './memory/replica.js';
import { inSortedOrder } from './name-order.js';
import type { Store, Transaction } from './store.js';

const attemptsMax = 5;
const names = table<never>('name');

/**
 * A store in this process's memory, for tests, simulation and services whose state may be lost.
 *
 * Promises: the transactions of PostgreSQL under READ COMMITTED, interleaving at every `await`; the data lives as long as the store object, `close`
 * keeps it. Does not promise: SQL, persistence, or two processes seeing the same.
 */
export function memoryStore(): Store {
  const cells = new Cells();
  return {
    kind: 'memory',
    async prepare() {},
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(cells, work);
        } catch (error) {
          if (!(error instanceof DeadlockError) || attempt === attemptsMax) throw error;
        }
      }
    },
    async close() {},
  };
}

async function once<T>(cells: Cells, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const own = cells.begin();
  try {
    const result = await work(transactionOn(own, () => cells.nextNumber()));
    own.commit();
    return result;
  } catch (error) {
    own.rollback();
    throw error;
  }
}

function transactionOn(cells: CellTransaction, nextNumber: () => number): Transaction {
  return {
    async query() {
      throw new UsageError(
        'the memory store has no SQL: use a "pglite:" or "postgres:" store for handlers that run queries',
      );
    },
    async lock(wanted) {
      for (const name of inSortedOrder(wanted)) await cells.lock(names, name);
    },
    claim: (consumer, key) => claim(cells, consumer, key),
    advanceGuard: (consumer, entity, id, incoming) => advanceGuard(cells, { consumer, entity, id }, incoming),
    peekGuard: (consumer, entity, id, incoming) => peekGuard(cells, { consumer, entity, id }, incoming),
    putReplica: (replica, id, row, incoming) => putReplica(cells, replica, id, row, incoming),
    peekReplica: (replica, id, incoming) => peekReplica(cells, replica, id, incoming),
    getReplica: (replica, id) => getReplica(cells, replica, id),
    listReplica: (replica, page) => listReplica(cells, replica, page),
    replicaPresence: (replica, id) => replicaPresence(cells, replica, id),
    owned: (entity, id) => owned(cells, entity, id),
    advanceOwned: (entity, id, change) => advanceOwned(cells, entity, id, change),
    markPublished: (entity, id) => markPublished(cells, entity, id),
    listOwned: (entity, page) => listOwned(cells, entity, page),
    appendOutbox: (messages) => appendOutbox(cells, messages, nextNumber),
    takeOutbox: (limit, nowMs) => takeOutbox(cells, limit, nowMs),
    removeOutbox: (ids) => removeOutbox(cells, ids),
    outboxBacklog: () => outboxBacklog(cells),
    park: (message) => park(cells, message),
    releaseParked: (dependency) => releaseParked(cells, dependency),
    takeParked: (options) => takeParked(cells, options),
    removeParked: (message) => removeParked(cells, message),
    countParked: (consumer) => countParked(cells, consumer),
  };
}
