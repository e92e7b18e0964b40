import type { Purge, Purged } from '../store.js';
import type { CellTransaction, Table } from './cells.js';
import { guards, inbox } from './guard.js';
import { epochs, ownedRows } from './owned.js';
import { copiesOf } from './replica.js';
import { replies } from './reply.js';

export async function purge(
  cells: CellTransaction,
  { inboxBefore, tombstonesBefore, repliesBefore, tables, limit }: Purge,
): Promise<Purged> {
  let copies = 0;
  for (const replica of tables) {
    const gone = remove(
      cells,
      copiesOf(replica),
      limit,
      ({ stored, appliedAt }) => stored.deleted && appliedAt < tombstonesBefore,
    );
    copies += gone.length;
  }
  const owned = remove(
    cells,
    ownedRows,
    limit,
    (row) =>
      row.deleted &&
      row.publishedSequence === row.sequence &&
      row.changedAt < BigInt(Math.floor(tombstonesBefore * 1000)),
  );
  for (const { entity, epoch } of owned) {
    await cells.lock(epochs, entity);
    cells.write(epochs, entity, Math.max(cells.read(epochs, entity) ?? 0, epoch + 1));
  }
  return {
    inbox: remove(cells, inbox, limit, ({ at }) => at < inboxBefore).length,
    copies,
    guards: remove(cells, guards, limit, ({ row, at }) => row.deleted && at < tombstonesBefore).length,
    owned: owned.length,
    replies: remove(cells, replies, limit, ({ expiresAt }) => expiresAt < repliesBefore).length,
  };
}

/** Rows that somebody holds stay for the next time. */
function remove<Row>(
  cells: CellTransaction,
  from: Table<Row>,
  limit: number,
  isOver: (row: Row) => boolean,
): readonly Row[] {
  const removed: Row[] = [];
  for (const [key, row] of cells.rows(from)) {
    if (removed.length >= limit) break;
    if (!isOver(row) || !cells.tryLock(from, key)) continue;
    cells.write(from, key, undefined);
    removed.push(row);
  }
  return removed;
}
