import { compareCodePoints } from '../../code-points.js';
import { applies, decide, type Incoming, nextStored, type Outcome, type Stored } from '../../guard.js';
import { bucketOf, digestOf } from '../bucket.js';
import { inOrderOfIds } from '../id-order.js';
import { columnValues, rowOf } from '../replica-row.js';
import type { BucketDigest, BucketPage, EntityVersion, Presence, ReplicaTable, ReplicaWrite } from '../store.js';
import { assertStorable } from '../version-bounds.js';
import { type CellTransaction, type Table, table } from './cells.js';

type Row = Readonly<Record<string, unknown>>;

/** A copy as SQL keeps it: the guard's columns and one value per column of the contract, all null under a tombstone. */
interface CopyRow {
  readonly id: string;
  readonly stored: Stored;
  readonly values: readonly unknown[];
  /** Ms since the epoch. */
  readonly appliedAt: number;
}

export async function putReplica(
  cells: CellTransaction,
  replica: ReplicaTable,
  id: string,
  row: Row | null,
  message: Incoming,
  nowMs: number,
): Promise<Outcome> {
  assertStorable(message);
  const incoming = { ...message, deleted: row === null };
  const copies = copiesOf(replica);
  await cells.lock(copies, id);
  const stored = cells.read(copies, id)?.stored;
  const outcome = decide(stored, incoming);
  if (applies(outcome, incoming.carries)) {
    const values = columnValues(replica, row);
    cells.write(copies, id, { id, stored: nextStored(stored, incoming), values, appliedAt: nowMs });
  }
  return outcome;
}

export async function putReplicas(
  cells: CellTransaction,
  replica: ReplicaTable,
  writes: readonly ReplicaWrite[],
  nowMs: number,
): Promise<readonly Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  const sorted = inOrderOfIds(writes);
  for (const { incoming } of writes) assertStorable(incoming);
  for (const { id, row, incoming } of sorted) {
    outcomes.set(id, await putReplica(cells, replica, id, row, incoming, nowMs));
  }
  return writes.flatMap(({ id }) => outcomes.get(id) ?? []);
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

export async function replicaPresences(
  cells: CellTransaction,
  replica: ReplicaTable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Presence>> {
  const found = new Map<string, Presence>();
  for (const id of ids) found.set(id, await replicaPresence(cells, replica, id));
  return found;
}

export async function replicaVersion(
  cells: CellTransaction,
  replica: ReplicaTable,
  id: string,
): Promise<Stored | undefined> {
  return cells.read(copiesOf(replica), id)?.stored;
}

export async function replicaDigest(
  cells: CellTransaction,
  replica: ReplicaTable,
  { buckets }: { readonly buckets: number },
): Promise<readonly BucketDigest[]> {
  return digestOf(versionsOf(cells, replica), buckets);
}

export async function listReplicaVersions(
  cells: CellTransaction,
  replica: ReplicaTable,
  page: BucketPage,
): Promise<readonly EntityVersion[]> {
  return pageOf(versionsOf(cells, replica), page);
}

/** One page of a bucket's entities by ascending id. */
export function pageOf<Entity extends EntityVersion>(
  entities: readonly Entity[],
  { bucket, buckets, after, limit }: BucketPage,
): readonly Entity[] {
  return entities
    .filter(({ id }) => bucketOf(id, buckets) === bucket && (after === undefined || compareCodePoints(id, after) > 0))
    .sort((left, right) => compareCodePoints(left.id, right.id))
    .slice(0, limit);
}

function versionsOf(cells: CellTransaction, replica: ReplicaTable): readonly EntityVersion[] {
  return cells
    .rows(copiesOf(replica))
    .map(([id, { stored }]) => ({ id, version: stored.version, deleted: stored.deleted }));
}

export function copiesOf(replica: ReplicaTable): Table<CopyRow> {
  return table<CopyRow>(`copy ${replica.name}`);
}

function readable(replica: ReplicaTable, copy: CopyRow): Row {
  return rowOf(replica, copy.values, (text) => JSON.parse(String(text)) as unknown);
}
