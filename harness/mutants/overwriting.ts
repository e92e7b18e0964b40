import type { Incoming } from '../../runtime/guard.js';
import type { ReplicaTable, Store, Transaction } from '../../runtime/stores/store.js';
import { changedStore } from './ports.js';

/**
 * Writes what came over what is there whenever `writes` says so, with the version that came: each write begins a table of its own for its id, and the last one
 * is what everybody sees.
 */
export function overwriting(
  store: Store,
  writes: (
    tx: Transaction,
    table: ReplicaTable,
    id: string,
    incoming: Incoming,
    shown: (table: ReplicaTable, id: string) => ReplicaTable,
  ) => Promise<boolean>,
): Store {
  const counts = new Map<string, number>();
  const shown = (table: ReplicaTable, id: string): ReplicaTable => ({
    ...table,
    name: `${table.name}_${counts.get(`${table.name}/${id}`) ?? 0}`,
  });
  return changedStore(store, (tx) => ({
    async putReplica(table, id, row, incoming) {
      if (!(await writes(tx, table, id, incoming, shown))) return 'stale';
      const key = `${table.name}/${id}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return tx.putReplica(shown(table, id), id, row, incoming);
    },
    peekReplica: async () => 'applied',
    ...readingFrom(tx, shown),
  }));
}

/** Reads of a copy, from the table that is shown for its id. */
export function readingFrom(
  tx: Transaction,
  shown: (table: ReplicaTable, id: string) => ReplicaTable,
): Partial<Transaction> {
  return {
    getReplica: (table, id) => tx.getReplica(shown(table, id), id),
    replicaVersion: (table, id) => tx.replicaVersion(shown(table, id), id),
    replicaPresence: (table, id) => tx.replicaPresence(shown(table, id), id),
  };
}
