import type { ReplicaTable, Store } from '../../runtime/stores/store.js';
import type { Mutant } from './mutant.js';
import { changing, dated, deletable, waiting } from './occasions.js';
import { overwriting, readingFrom } from './overwriting.js';
import { changedStore, inStore } from './ports.js';

const copies = ['easyplatform/text-snippet-surveys', 'easyplatform/text-snippet-insights'];

/** Mistakes of those who decide which of two messages is the newer one. */
export const guardMutants: readonly Mutant[] = [
  {
    number: 1,
    id: 'no-ordering-check',
    title: 'Whatever comes last is written.',
    patches: 'runtime',
    expected: ['converged', 'version-never-goes-back', 'deleted-stays-deleted'],
    scenarios: ['out-of-order', 'stale-after-delete'],
    on: copies,
    strikes: ['copy'],
    fits: changing,
    store: (store) => overwriting(store, async () => true),
  },
  {
    number: 2,
    id: 'no-tie-break',
    title: 'Of two equal instants the one that comes later wins.',
    patches: 'generated code',
    expected: ['converged'],
    scenarios: ['equal-timestamps'],
    on: copies,
    strikes: ['copy'],
    fits: dated,
    store: inStore((tx) => ({
      putReplica: (table, id, row, incoming) =>
        tx.putReplica(table, id, row, { ...incoming, version: { ...incoming.version, tie: '' }, equalApplies: true }),
    })),
  },
  {
    number: 3,
    id: 'guard-outside-transaction',
    title: 'The version is read in one transaction and written in another.',
    patches: 'runtime',
    expected: ['version-never-goes-back', 'converged', 'deleted-stays-deleted'],
    scenarios: ['duplicate-concurrent', 'out-of-order'],
    on: copies,
    strikes: ['copy'],
    fits: changing,
    store: (store, clock) =>
      overwriting(store, async (_, table, id, incoming, shown) => {
        const stored = await store.transaction((other) => other.replicaVersion(shown(table, id), id));
        await clock.sleep(80);
        return stored === undefined || stored.version.sequence <= incoming.version.sequence;
      }),
  },
  {
    number: 4,
    id: 'guard-per-table',
    title: 'One version is kept for all entities of a table.',
    patches: 'generated code',
    expected: ['nothing-lost', 'converged'],
    scenarios: ['out-of-order', 'create', 'update'],
    on: copies,
    strikes: ['copy'],
    fits: changing,
    store: inStore((tx) => ({
      async putReplica(table, id, row, incoming) {
        const outcome = await tx.putReplica(guardTable(table), 'all', {}, incoming);
        return outcome === 'stale' ? 'stale' : tx.putReplica(table, id, row, incoming);
      },
    })),
  },
  {
    number: 5,
    id: 'guard-by-receive-time',
    title: 'Messages are ordered by the time of their arrival.',
    patches: 'generated code',
    expected: ['converged', 'deleted-stays-deleted', 'version-never-goes-back'],
    scenarios: ['out-of-order', 'stale-after-delete'],
    on: copies,
    strikes: ['copy'],
    fits: changing,
    // Nothing that arrives is older than what arrived before it.
    store: (store) => overwriting(store, async () => true),
  },
  {
    number: 7,
    id: 'version-written-when-dropped',
    title: 'The version moves on although the message was not applied.',
    patches: 'runtime',
    expected: ['converged', 'nothing-lost'],
    scenarios: ['late-dependency', 'crash-mid-handler', 'out-of-order'],
    on: copies,
    strikes: ['copy'],
    fits: waiting,
    store: inStore((tx) => ({
      async park(message) {
        await tx.park(message);
        dropped.add(`${message.entity}/${message.entityId}/${message.version.sequence}`);
      },
      async putReplica(table, id, row, incoming) {
        // Parked once means seen: when it comes back it is no longer newer.
        return dropped.delete(`${table.entity}/${id}/${incoming.version.sequence}`)
          ? 'stale'
          : tx.putReplica(table, id, row, incoming);
      },
    })),
  },
  {
    number: 21,
    id: 'hard-delete',
    title: 'A deletion removes the row and its version.',
    patches: 'runtime',
    expected: ['deleted-stays-deleted', 'converged'],
    scenarios: ['stale-after-delete'],
    on: copies,
    strikes: ['copy'],
    fits: deletable,
    store: hardDelete,
  },
  {
    number: 22,
    id: 'tombstone-without-version',
    title: 'A deletion keeps the version of the row that it deletes.',
    patches: 'runtime',
    expected: ['deleted-stays-deleted', 'converged'],
    scenarios: ['stale-after-delete', 'all-orders'],
    on: copies,
    strikes: ['copy'],
    fits: deletable,
    store: inStore((tx) => ({
      async putReplica(table, id, row, incoming) {
        if (row !== null) return tx.putReplica(table, id, row, incoming);
        const stored = await tx.replicaVersion(table, id);
        const version = stored?.version ?? { ...incoming.version, sequence: 0n };
        if (stored !== undefined && stored.version.sequence >= incoming.version.sequence) return 'stale';
        return tx.putReplica(table, id, null, { ...incoming, version, force: true, equalApplies: true });
      },
    })),
  },
  {
    number: 23,
    id: 'create-after-delete-ignored',
    title: 'What was deleted once never comes back, though its owner creates it again.',
    patches: 'runtime',
    expected: ['converged', 'nothing-lost'],
    scenarios: ['all-orders', 'delete', 'stale-after-delete', 'update'],
    on: copies,
    strikes: ['copy'],
    fits: deletable,
    store: inStore((tx) => ({
      async putReplica(table, id, row, incoming) {
        const stored = await tx.replicaVersion(table, id);
        return stored?.deleted === true ? 'stale' : tx.putReplica(table, id, row, incoming);
      },
    })),
  },
  {
    number: 33,
    id: 'force-ignored',
    title: 'A forced message of an equal version is taken for a duplicate.',
    patches: 'runtime',
    expected: ['converged', 'force-respected'],
    scenarios: ['force-sync'],
    on: copies,
    strikes: ['copy'],
    fits: changing,
    store: inStore((tx) => ({
      async putReplica(table, id, row, incoming) {
        const stored = await tx.replicaVersion(table, id);
        const equal = stored?.version.sequence === incoming.version.sequence;
        return incoming.force && equal ? 'duplicate' : tx.putReplica(table, id, row, { ...incoming, force: false });
      },
    })),
  },
  {
    number: 34,
    id: 'force-always-on',
    title: 'Every message is written as if its owner had forced it, whatever its version.',
    patches: 'runtime',
    expected: ['version-never-goes-back', 'converged', 'deleted-stays-deleted'],
    scenarios: ['out-of-order', 'force-sync'],
    on: copies,
    strikes: ['copy'],
    fits: changing,
    store: (store) => overwriting(store, async () => true),
  },
];

/** Kept over transactions, as a version column would be. Emptied by whoever reads it. */
const dropped = new Set<string>();

function guardTable(table: ReplicaTable): ReplicaTable {
  return { ...table, name: `${table.name}_guard`, columns: [] };
}

/** Each deletion begins a new, empty table for that id: nothing of the old row is left, its version included. */
function hardDelete(store: Store): Store {
  const deletions = new Map<string, number>();
  const now = (table: ReplicaTable, id: string): ReplicaTable => ({
    ...table,
    name: `${table.name}_${deletions.get(`${table.name}/${id}`) ?? 0}`,
  });
  return changedStore(store, (tx) => ({
    async putReplica(table, id, row, incoming) {
      const outcome = await tx.putReplica(now(table, id), id, row, incoming);
      const key = `${table.name}/${id}`;
      if (row === null && outcome === 'applied') deletions.set(key, (deletions.get(key) ?? 0) + 1);
      return outcome;
    },
    ...readingFrom(tx, now),
    peekReplica: (table, id, incoming) => tx.peekReplica(now(table, id), id, incoming),
  }));
}
