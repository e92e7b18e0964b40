import { type Clock, systemClock } from '../clock.js';
import { UsageError } from '../errors.js';
import { Cells, type CellTransaction, DeadlockError, table } from './memory/cells.js';
import { advanceGuard, claim, claimed, guardVersion, peekGuard } from './memory/guard.js';
import { note, setNote } from './memory/note.js';
import { appendOutbox, giveBackOutbox, outboxBacklog, outboxOf, removeOutbox, takeOutbox } from './memory/outbox.js';
import { advanceOwned, listOwned, listOwnedVersions, markPublished, owned, ownedDigest } from './memory/owned.js';
import {
  countParked,
  listParked,
  park,
  parkedFor,
  parkedOf,
  releaseParked,
  removeParked,
  takeParked,
} from './memory/parked.js';
import { purge } from './memory/purge.js';
import {
  getReplica,
  listReplica,
  listReplicaVersions,
  peekReplica,
  putReplica,
  putReplicas,
  replicaDigest,
  replicaPresence,
  replicaPresences,
  replicaVersion,
} from './memory/replica.js';
import { keepReply, keptReply } from './memory/reply.js';
import { sagaRows } from './memory/saga.js';
import { inSortedOrder } from './name-order.js';
import type { Store, Transaction } from './store.js';

const attemptsMax = 5;
const names = table<never>('name');

/**
 * A store in this process's memory, for tests, simulation and services whose state may be lost.
 *
 * Promises: the transactions of PostgreSQL under READ COMMITTED, interleaving at every `await`; the data lives as long as the store object, `close`
 * keeps it. Does not promise: SQL, persistence, or two processes seeing the same. `clock` dates what `purge` removes for its age.
 */
export function memoryStore({ clock = systemClock }: { readonly clock?: Clock } = {}): Store {
  const cells = new Cells();
  const nextNumber = (): number => cells.nextNumber();

  async function transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const own = cells.begin();
      try {
        const result = await work(transactionOn(own, nextNumber, clock));
        own.commit();
        return result;
      } catch (error) {
        own.rollback();
        if (!(error instanceof DeadlockError) || attempt === attemptsMax) throw error;
      }
    }
  }

  return {
    kind: 'memory',
    async prepare() {},
    transaction,
    alone: {
      putReplica: (...write) => transaction((tx) => tx.putReplica(...write)),
      putReplicas: (...writes) => transaction((tx) => tx.putReplicas(...writes)),
    },
    async close() {},
  };
}

function transactionOn(cells: CellTransaction, nextNumber: () => number, clock: Clock): Transaction {
  return {
    async query() {
      throw new UsageError(
        'the memory store has no SQL: use a "pglite:" or "postgres:" store for handlers that run queries',
      );
    },
    async lock(wanted) {
      for (const name of inSortedOrder(wanted)) await cells.lock(names, name);
    },
    tryLock: async (name) => cells.tryLock(names, name),
    claim: (consumer, key) => claim(cells, consumer, key, clock.now()),
    claimed: (consumer, key) => claimed(cells, consumer, key),
    advanceGuard: (consumer, entity, id, incoming) =>
      advanceGuard(cells, { consumer, entity, id }, incoming, clock.now()),
    peekGuard: (consumer, entity, id, incoming) => peekGuard(cells, { consumer, entity, id }, incoming),
    guardVersion: (consumer, entity, id) => guardVersion(cells, { consumer, entity, id }),
    putReplica: (replica, id, row, incoming) => putReplica(cells, replica, id, row, incoming, clock.now()),
    putReplicas: (replica, rows) => putReplicas(cells, replica, rows, clock.now()),
    peekReplica: (replica, id, incoming) => peekReplica(cells, replica, id, incoming),
    getReplica: (replica, id) => getReplica(cells, replica, id),
    listReplica: (replica, page) => listReplica(cells, replica, page),
    replicaPresence: (replica, id) => replicaPresence(cells, replica, id),
    replicaPresences: (replica, ids) => replicaPresences(cells, replica, ids),
    replicaVersion: (replica, id) => replicaVersion(cells, replica, id),
    replicaDigest: (replica, options) => replicaDigest(cells, replica, options),
    listReplicaVersions: (replica, page) => listReplicaVersions(cells, replica, page),
    owned: (entity, id) => owned(cells, entity, id),
    advanceOwned: (entity, id, change) => advanceOwned(cells, entity, id, change),
    markPublished: (entity, id) => markPublished(cells, entity, id),
    listOwned: (entity, page) => listOwned(cells, entity, page),
    ownedDigest: (entity, options) => ownedDigest(cells, entity, options),
    listOwnedVersions: (entity, page) => listOwnedVersions(cells, entity, page),
    appendOutbox: (messages) => appendOutbox(cells, messages, nextNumber, clock.now()),
    takeOutbox: (options) => takeOutbox(cells, options),
    giveBackOutbox: (ids, untilMs) => giveBackOutbox(cells, ids, untilMs),
    removeOutbox: (ids) => removeOutbox(cells, ids),
    outboxBacklog: () => outboxBacklog(cells),
    outboxOf: (key, limit) => outboxOf(cells, key, limit),
    park: (message) => park(cells, message),
    releaseParked: (dependency) => releaseParked(cells, dependency),
    takeParked: (options) => takeParked(cells, options),
    removeParked: (message) => removeParked(cells, message),
    countParked: (consumer) => countParked(cells, consumer),
    parkedOf: (entity, id) => parkedOf(cells, entity, id),
    parkedFor: (dependency) => parkedFor(cells, dependency),
    listParked: (page) => listParked(cells, page),
    note: (name) => note(cells, name),
    setNote: (name, text) => setNote(cells, name, text),
    keptReply: (request, nowMs) => keptReply(cells, request, nowMs),
    keepReply: (request, kept) => keepReply(cells, request, kept),
    // A getter would cost more than making it, here and in each copy of the transaction.
    sagas: sagaRows(cells),
    purge: (wanted) => purge(cells, wanted),
  };
}
