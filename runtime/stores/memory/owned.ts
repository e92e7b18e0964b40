import { compareCodePoints } from '../../code-points.js';
import { formatInstant } from '../../instant.js';
import { laterInstant, microsecondsOf } from '../owned-version.js';
import type { OwnedState } from '../store.js';
import { type CellTransaction, keyOf, table } from './cells.js';

interface OwnedRow {
  readonly entity: string;
  readonly id: string;
  readonly sequence: bigint;
  readonly changedAt: bigint;
  readonly deleted: boolean;
  readonly publishedSequence: bigint;
  /** JSON, so that nobody holds a reference into the store. */
  readonly state: string;
}

const ownedRows = table<OwnedRow>('owned');

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
    sequence: (before?.sequence ?? 0n) + 1n,
    changedAt: laterInstant(before?.changedAt, microsecondsOf(change.nowMs)),
    deleted: change.deleted,
    publishedSequence: before?.publishedSequence ?? 0n,
    state: JSON.stringify(change.state ?? null),
  };
  cells.write(ownedRows, key, row);
  return stateOf(row);
}

export async function markPublished(cells: CellTransaction, entity: string, id: string): Promise<void> {
  const key = keyOf(entity, id);
  await cells.lock(ownedRows, key);
  const row = cells.read(ownedRows, key);
  if (row !== undefined) cells.write(ownedRows, key, { ...row, publishedSequence: row.sequence });
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
    version: { epoch: 0, sequence: row.sequence, tie: '' },
    changedAt: formatInstant(row.changedAt),
    deleted: row.deleted,
    publishedSequence: row.publishedSequence,
    state: JSON.parse(row.state) as unknown,
  };
}
