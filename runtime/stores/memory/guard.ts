import { applies, decide, type Incoming, nextStored, type Outcome, type Stored } from '../../guard.js';
import { assertStorable } from '../version-bounds.js';
import { type CellTransaction, keyOf, table } from './cells.js';

/** A row and when it was written, ms since the epoch. */
interface Dated<Row> {
  readonly row: Row;
  readonly at: number;
}

interface Place {
  readonly consumer: string;
  readonly entity: string;
  readonly id: string;
}

export const inbox = table<Dated<true>>('inbox');
export const guards = table<Dated<Stored>>('guard');

export async function claim(
  cells: CellTransaction,
  consumer: string,
  messageKey: string,
  nowMs: number,
): Promise<boolean> {
  const key = keyOf(consumer, messageKey);
  await cells.lock(inbox, key);
  if (cells.read(inbox, key)) return false;
  cells.write(inbox, key, { row: true, at: nowMs });
  return true;
}

export async function claimed(cells: CellTransaction, consumer: string, messageKey: string): Promise<boolean> {
  return cells.read(inbox, keyOf(consumer, messageKey)) !== undefined;
}

export async function advanceGuard(
  cells: CellTransaction,
  place: Place,
  incoming: Incoming,
  nowMs: number,
): Promise<Outcome> {
  assertStorable(incoming);
  const key = keyOf(place.consumer, place.entity, place.id);
  await cells.lock(guards, key);
  const stored = cells.read(guards, key)?.row;
  const outcome = decide(stored, incoming);
  if (applies(outcome, incoming.carries)) {
    cells.write(guards, key, { row: nextStored(stored, incoming), at: nowMs });
  }
  return outcome;
}

export async function peekGuard(cells: CellTransaction, place: Place, incoming: Incoming): Promise<Outcome> {
  assertStorable(incoming);
  return decide(await guardVersion(cells, place), incoming);
}

export async function guardVersion(
  cells: CellTransaction,
  { consumer, entity, id }: Place,
): Promise<Stored | undefined> {
  return cells.read(guards, keyOf(consumer, entity, id))?.row;
}
