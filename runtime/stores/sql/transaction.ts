import type { Transaction } from '../store.js';
import type { SqlClient } from './client.js';
import { advanceGuard, guardVersion, peekGuard } from './guard.js';
import { claim, claimed } from './inbox.js';
import { lock, tryLock } from './lock.js';
import { note, setNote } from './note.js';
import { appendOutbox, giveBackOutbox, outboxBacklog, outboxOf, removeOutbox, takeOutbox } from './outbox.js';
import { advanceOwned, listOwned, listOwnedVersions, markPublished, owned, ownedDigest } from './owned.js';
import {
  countParked,
  listParked,
  park,
  parkedFor,
  parkedOf,
  releaseParked,
  removeParked,
  takeParked,
} from './parked.js';
import { purge } from './purge.js';
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
} from './replica.js';
import { keepReply, keptReply } from './reply.js';
import { sagaRows } from './saga.js';

/** The runtime's transaction over one database transaction. */
export function sqlTransaction(client: SqlClient): Transaction {
  return {
    query: async <Row extends object>(text: string, values?: readonly unknown[]) =>
      (await client.queryOnce(text, values)) as readonly Row[],
    lock: (names) => lock(client, names),
    tryLock: (name) => tryLock(client, name),
    claim: (consumer, key) => claim(client, consumer, key),
    claimed: (consumer, key) => claimed(client, consumer, key),
    advanceGuard: (consumer, entity, id, incoming) => advanceGuard(client, [consumer, entity, id], incoming),
    peekGuard: (consumer, entity, id, incoming) => peekGuard(client, [consumer, entity, id], incoming),
    guardVersion: (consumer, entity, id) => guardVersion(client, [consumer, entity, id]),
    putReplica: (table, id, row, incoming) => putReplica(client, table, id, row, incoming),
    putReplicas: (table, rows) => putReplicas(client, table, rows),
    peekReplica: (table, id, incoming) => peekReplica(client, table, id, incoming),
    getReplica: (table, id) => getReplica(client, table, id),
    listReplica: (table, page) => listReplica(client, table, page),
    replicaPresence: (table, id) => replicaPresence(client, table, id),
    replicaPresences: (table, ids) => replicaPresences(client, table, ids),
    replicaVersion: (table, id) => replicaVersion(client, table, id),
    replicaDigest: (table, options) => replicaDigest(client, table, options),
    listReplicaVersions: (table, page) => listReplicaVersions(client, table, page),
    owned: (entity, id) => owned(client, entity, id),
    advanceOwned: (entity, id, change) => advanceOwned(client, entity, id, change),
    markPublished: (entity, id) => markPublished(client, entity, id),
    listOwned: (entity, page) => listOwned(client, entity, page),
    ownedDigest: (entity, options) => ownedDigest(client, entity, options),
    listOwnedVersions: (entity, page) => listOwnedVersions(client, entity, page),
    appendOutbox: (messages) => appendOutbox(client, messages),
    takeOutbox: (options) => takeOutbox(client, options),
    giveBackOutbox: (ids, untilMs) => giveBackOutbox(client, ids, untilMs),
    removeOutbox: (ids) => removeOutbox(client, ids),
    outboxBacklog: () => outboxBacklog(client),
    outboxOf: (key, limit) => outboxOf(client, key, limit),
    park: (message) => park(client, message),
    releaseParked: (dependency) => releaseParked(client, dependency),
    takeParked: (options) => takeParked(client, options),
    removeParked: (message) => removeParked(client, message),
    countParked: (consumer) => countParked(client, consumer),
    parkedOf: (entity, id) => parkedOf(client, entity, id),
    parkedFor: (dependency) => parkedFor(client, dependency),
    listParked: (page) => listParked(client, page),
    note: (name) => note(client, name),
    setNote: (name, text) => setNote(client, name, text),
    keptReply: (request, nowMs) => keptReply(client, request, nowMs),
    keepReply: (request, kept) => keepReply(client, request, kept),
    // Made when it is asked for: most transactions do not.
    get sagas() {
      return sagaRows(client);
    },
    purge: (wanted) => purge(client, wanted),
  };
}
