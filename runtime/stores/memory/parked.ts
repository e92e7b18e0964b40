import { compareCodePoints } from '../../code-points.js';
import { compareVersions } from '../../guard.js';
import { parkedReason } from '../parked-reason.js';
import type { ParkedEntry, ParkedMessage, ParkedReason, TakeParked } from '../store.js';
import { type CellTransaction, keyOf, table } from './cells.js';

interface ParkedRow {
  readonly message: ParkedMessage;
  readonly ready: boolean;
  /** When a sweep last looked at it; 0 for never. */
  readonly sweptAt: number;
}

const parkedRows = table<ParkedRow>('parked');

export async function park(cells: CellTransaction, message: ParkedMessage): Promise<void> {
  const key = placeOf(message);
  await cells.lock(parkedRows, key);
  const present = cells.read(parkedRows, key);
  if (present !== undefined && compareVersions(message.version, present.message.version) < 0) return;
  cells.write(parkedRows, key, { message: structuredClone(message), ready: false, sweptAt: 0 });
}

export async function releaseParked(
  cells: CellTransaction,
  { entity, id }: { readonly entity: string; readonly id: string },
): Promise<number> {
  let released = 0;
  for (const [key] of cells.rows(parkedRows).filter(([, row]) => waitsFor(row))) {
    await cells.lock(parkedRows, key);
    const row = cells.read(parkedRows, key);
    if (row === undefined || !waitsFor(row)) continue;
    cells.write(parkedRows, key, { ...row, ready: true });
    released += 1;
  }
  return released;

  function waitsFor({ ready, message }: ParkedRow): boolean {
    return !ready && message.dependency.entity === entity && message.dependency.id === id;
  }
}

export async function takeParked(
  cells: CellTransaction,
  options: TakeParked,
): Promise<readonly (ParkedMessage & { readonly why: ParkedReason })[]> {
  const { nowMs, limit, consumer, sweep } = options;
  const taken: (ParkedMessage & { readonly why: ParkedReason })[] = [];
  const mine = cells
    .rows(parkedRows)
    .filter(([, { message }]) => consumer === undefined || message.consumer === consumer)
    .sort(([, left], [, right]) => byAge(left, right));
  for (const [key, { message, ready }] of mine) {
    const why = parkedReason(message, ready, nowMs);
    if (why !== undefined && taken.length < limit && cells.tryLock(parkedRows, key)) taken.push({ ...message, why });
  }
  if (!sweep) return taken;
  for (const [key, row] of mine.sort(([, left], [, right]) => left.sweptAt - right.sweptAt || byAge(left, right))) {
    const stays = parkedReason(row.message, row.ready, nowMs) === undefined;
    if (!stays || taken.length >= limit || !cells.tryLock(parkedRows, key)) continue;
    cells.write(parkedRows, key, { ...row, sweptAt: nowMs });
    taken.push({ ...row.message, why: 'sweep' });
  }
  return taken;
}

export async function removeParked(
  cells: CellTransaction,
  message: Pick<ParkedMessage, 'consumer' | 'entity' | 'entityId' | 'messageId'>,
): Promise<void> {
  for (const carries of ['state', 'delta'] as const) {
    const key = placeOf({ ...message, carries });
    await cells.lock(parkedRows, key);
    // A newer message may have taken the place: it goes on waiting.
    if (cells.read(parkedRows, key)?.message.messageId === message.messageId) cells.write(parkedRows, key, undefined);
  }
}

export async function countParked(cells: CellTransaction, consumer: string): Promise<number> {
  return cells.rows(parkedRows).filter(([, { message }]) => message.consumer === consumer).length;
}

export async function parkedOf(cells: CellTransaction, entity: string, id: string): Promise<readonly ParkedEntry[]> {
  return entries(cells).filter((entry) => entry.entity === entity && entry.entityId === id);
}

export async function parkedFor(
  cells: CellTransaction,
  { entity, id }: { readonly entity: string; readonly id: string },
): Promise<readonly ParkedEntry[]> {
  return entries(cells).filter(({ dependency }) => dependency.entity === entity && dependency.id === id);
}

export async function listParked(
  cells: CellTransaction,
  { consumer, after, limit }: { readonly consumer?: string; readonly after?: ParkedMessage; readonly limit: number },
): Promise<readonly ParkedEntry[]> {
  return entries(cells)
    .filter((entry) => consumer === undefined || entry.consumer === consumer)
    .filter((entry) => after === undefined || inOrder(entry, after) > 0)
    .slice(0, limit);
}

function entries(cells: CellTransaction): readonly ParkedEntry[] {
  return cells
    .rows(parkedRows)
    .map(([, { message, ready }]) => ({ ...structuredClone(message), ready }))
    .sort(inOrder);
}

/** Oldest first; every message has a place of its own. */
function inOrder(left: ParkedMessage, right: ParkedMessage): number {
  const names = (message: ParkedMessage) => [message.consumer, message.entity, message.entityId, message.messageId];
  const others = names(right);
  return names(left).reduce(
    (order, name, index) => order || compareCodePoints(name, others[index] ?? ''),
    left.parkedAt - right.parkedAt,
  );
}

/** Deltas have a place each, states share one per consumer and entity. */
function placeOf(message: Pick<ParkedMessage, 'consumer' | 'entity' | 'entityId' | 'messageId' | 'carries'>): string {
  const own = message.carries === 'delta' ? [message.messageId] : [];
  return keyOf(message.consumer, message.entity, message.entityId, ...own);
}

function byAge(left: ParkedRow, right: ParkedRow): number {
  return left.message.parkedAt - right.message.parkedAt || compareVersions(left.message.version, right.message.version);
}
