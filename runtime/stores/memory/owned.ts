import { compareCodePoints } from '../../code-points.js';
import { formatInstant } from '../../instant.js';
import { digestOf } from '../bucket.js';
import { laterInstant, microsecondsOf, toldVersion } from '../owned-version.js';
import type { BucketDigest, BucketPage, OwnedState, ToldVersion, VersionKind } from '../store.js';
import { type CellTransaction, keyOf, table } from './cells.js';
import { pageOf } from './replica.js';

interface OwnedRow {
  readonly entity: string;
  readonly id: string;
  readonly epoch: number;
  readonly sequence: bigint;
  readonly changedAt: bigint;
  readonly deleted: boolean;
  readonly publishedSequence: bigint;
  /** Of the version that was published last. */
  readonly publishedAt: bigint;
  readonly publishedDeleted: boolean;
  /** JSON, so that nobody holds a reference into the store. */
  readonly state: string;
}

export const ownedRows = table<OwnedRow>('owned');
/** The epoch that a new entity of a name begins in; absent = 0. */
export const epochs = table<number>('epoch');

export async function owned(cells: CellTransaction, entity: string, id: string): Promise<OwnedState | null> {
  const key = keyOf(entity, id);
  await cells.lock(ownedRows, key);
  const row = cells.read(ownedRows, key);
  return row === undefined ? null : stateOf(row);
}

export async function advanceOwned(
  cells: CellTransaction,
  entity: string,
  id: string,
  change: { readonly state: unknown; readonly deleted: boolean; readonly nowMs: number },
): Promise<OwnedState> {
  const key = keyOf(entity, id);
  await cells.lock(ownedRows, key);
  const before = cells.read(ownedRows, key);
  const row: OwnedRow = {
    entity,
    id,
    epoch: before?.epoch ?? cells.read(epochs, entity) ?? 0,
    sequence: (before?.sequence ?? 0n) + 1n,
    changedAt: laterInstant(before?.changedAt, microsecondsOf(change.nowMs)),
    deleted: change.deleted,
    publishedSequence: before?.publishedSequence ?? 0n,
    publishedAt: before?.publishedAt ?? 0n,
    publishedDeleted: before?.publishedDeleted ?? false,
    state: JSON.stringify(change.state ?? null),
  };
  cells.write(ownedRows, key, row);
  return stateOf(row);
}

export async function markPublished(cells: CellTransaction, entity: string, id: string): Promise<void> {
  const key = keyOf(entity, id);
  await cells.lock(ownedRows, key);
  const row = cells.read(ownedRows, key);
  if (row === undefined) return;
  cells.write(ownedRows, key, {
    ...row,
    ...{ publishedSequence: row.sequence, publishedAt: row.changedAt, publishedDeleted: row.deleted },
  });
}

export async function ownedDigest(
  cells: CellTransaction,
  entity: string,
  { buckets, versions }: { readonly buckets: number; readonly versions: VersionKind },
): Promise<readonly BucketDigest[]> {
  return digestOf(told(cells, entity, versions), buckets);
}

export async function listOwnedVersions(
  cells: CellTransaction,
  entity: string,
  { versions, ...page }: BucketPage & { readonly versions: VersionKind },
): Promise<readonly ToldVersion[]> {
  return pageOf(told(cells, entity, versions), page);
}

function told(cells: CellTransaction, entity: string, versions: VersionKind): readonly ToldVersion[] {
  return cells
    .rows(ownedRows)
    .filter(([, row]) => row.entity === entity && row.publishedSequence > 0n)
    .map(([, row]) => toldVersion(row, versions));
}

export async function listOwned(
  cells: CellTransaction,
  entity: string,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly (OwnedState & { readonly id: string })[]> {
  return cells
    .rows(ownedRows)
    .map(([, row]) => row)
    .filter((row) => row.entity === entity && (after === undefined || compareCodePoints(row.id, after) > 0))
    .sort((left, right) => compareCodePoints(left.id, right.id))
    .slice(0, limit)
    .map((row) => ({ id: row.id, ...stateOf(row) }));
}

function stateOf(row: OwnedRow): OwnedState {
  return {
    version: { epoch: row.epoch, sequence: row.sequence, tie: '' },
    changedAt: formatInstant(row.changedAt),
    deleted: row.deleted,
    publishedSequence: row.publishedSequence,
    state: JSON.parse(row.state) as unknown,
  };
}
