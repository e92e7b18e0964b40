import { inSortedOrder } from '../name-order.js';
import type { Transaction } from '../store.js';
import type { SqlClient } from './client.js';
import { advanceGuard, peekGuard } from './guard.js';
import { claim } from './inbox.js';
import { appendOutbox, outboxBacklog, removeOutbox, takeOutbox } from './outbox.js';
import { advanceOwned, listOwned, markPublished, owned } from './owned.js';
import { countParked, park, releaseParked, removeParked, takeParked } from './parked.js';
import { getReplica, listReplica, peekReplica, putReplica, replicaPresence } from './replica.js';

/** The runtime's transaction over one database transaction. */
export function sqlTransaction(client: SqlClient): Transaction {
  return {
    query: async <Row extends object>(text: string, values?: readonly unknown[]) =>
      (await client.query(text, values)) as readonly Row[],
    lock: (names) => lock(client, names),
    claim: (consumer, key) => claim(client, consumer, key),
    advanceGuard: (consumer, entity, id, incoming) => advanceGuard(client, [consumer, entity, id], incoming),
    peekGuard: (consumer, entity, id, incoming) => peekGuard(client, [consumer, entity, id], incoming),
    putReplica: (table, id, row, incoming) => putReplica(client, table, id, row, incoming),
    peekReplica: (table, id, incoming) => peekReplica(client, table, id, incoming),
    getReplica: (table, id) => getReplica(client, table, id),
    listReplica: (table, page) => listReplica(client, table, page),
    replicaPresence: (table, id) => replicaPresence(client, table, id),
    owned: (entity, id) => owned(client, entity, id),
    advanceOwned: (entity, id, change) => advanceOwned(client, entity, id, change),
    markPublished: (entity, id) => markPublished(client, entity, id),
    listOwned: (entity, page) => listOwned(client, entity, page),
    appendOutbox: (messages) => appendOutbox(client, messages),
    takeOutbox: (limit, nowMs) => takeOutbox(client, limit, nowMs),
    removeOutbox: (ids) => removeOutbox(client, ids),
    outboxBacklog: () => outboxBacklog(client),
    park: (message) => park(client, message),
    releaseParked: (dependency) => releaseParked(client, dependency),
    takeParked: (options) => takeParked(client, options),
    removeParked: (message) => removeParked(client, message),
    countParked: (consumer) => countParked(client, consumer),
  };
}

/** Locks are the database's, shared by all schemas: the schema's name keeps two services from waiting for each other. */
async function lock(client: SqlClient, names: readonly string[]): Promise<void> {
  await client.query(
    `select pg_advisory_xact_lock(hashtextextended(current_schema() || ':' || wanted.name, 0))
from unnest($1::text[]) with ordinality as wanted (name, position) order by position`,
    [inSortedOrder(names)],
  );
}
