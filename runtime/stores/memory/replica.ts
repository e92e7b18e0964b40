import { compareCodePoints } from '../../code-points.js';
import { applies, decide, type Incoming, nextStored, type Outcome, type Stored } from '../../guard.js';
import { columnValues, rowOf } from '../replica-row.js';
import type { Presence, ReplicaTable } from '../store.js';
import { assertStorable } from '../version-bounds.js';
import { type CellTransaction, type Table, table } from './cells.js';

type Row = Readonly<Record<string, unknown>>;

/** A copy as SQL keeps it: the guard's columns and one value per column of the contract, all null under a tombstone. */
interface CopyRow {
  readonly id: string;
  readonly stored: Stored;
  readonly values: readonly unknown[];
}

export async function putReplica(
  cells: CellTransaction,
  replica: ReplicaTable,
  id: string,
  row: Row | null,
  message: Incoming,
): Promise<Outcome> {
  assertStorable(message);
  const incoming = { ...message, deleted: row === null };
  const copies = copiesOf(replica);
  await cells.lock(copies, id);
  const stored = cells.read(copies, id)?.stored;
  const outcome = decide(stored, incoming);
  if (applies(outcome, incoming.carries)) {
    cells.write(copies, id, { id, stored: nextStored(stored, incoming), values: columnValues(replica, row) });
  }
  return outcome;
}

export async function peekReplica(
  cells: CellTransaction,
  replica: ReplicaTable,
  id: string,
  incoming: Incoming,
): Promise<Outcome> {
  assertStorable(incoming);
  return decide(cells.read(copiesOf(replica), id)?.stored, incoming);
}

export async function getReplica(cells: CellTransaction, replica: ReplicaTable, id: string): Promise<Row | null> {
  const copy = cells.read(copiesOf(replica), id);
  return copy === undefined || copy.stored.deleted ? null : readable(replica, copy);
}

export async function listReplica(
  cells: CellTransaction,
  replica: ReplicaTable,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly Row[]> {
  return cells
    .rows(copiesOf(replica))
    .filter(([id, copy]) => !copy.stored.deleted && (after === undefined || compareCodePoints(id, after) > 0))
    .sort(([left], [right]) => compareCodePoints(left, right))
    .slice(0, limit)
    .map(([, copy]) => readable(replica, copy));
}

export async function replicaPresence(cells: CellTransaction, replica: ReplicaTable, id: string): Promise<Presence> {
  const copy = cells.read(copiesOf(replica), id);
  if (copy === undefined) return 'unknown';
  return copy.stored.deleted ? 'deleted' : 'live';
}

function copiesOf(replica: ReplicaTable): Table<CopyRow> {
  return table<CopyRow>(`copy ${replica.name}`);
}

function readable(replica: ReplicaTable, copy: CopyRow): Row {
  return rowOf(replica, copy.values, (text) => JSON.parse(String(text)) as unknown);
}
