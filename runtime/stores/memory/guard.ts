import { applies, decide, type Incoming, nextStored, type Outcome, type Stored } from '../../guard.js';
import { assertStorable } from '../version-bounds.js';
import { type CellTransaction, keyOf, table } from './cells.js';

const inbox = table<true>('inbox');
const guards = table<Stored>('guard');

export async function claim(cells: CellTransaction, consumer: string, messageKey: string): Promise<boolean> {
  const key = keyOf(consumer, messageKey);
  await cells.lock(inbox, key);
  if (cells.read(inbox, key)) return false;
  cells.write(inbox, key, true);
  return true;
}

export async function advanceGuard(
  cells: CellTransaction,
  place: { readonly consumer: string; readonly entity: string; readonly id: string },
  incoming: Incoming,
): Promise<Outcome> {
  assertStorable(incoming);
  const key = keyOf(place.consumer, place.entity, place.id);
  await cells.lock(guards, key);
  const stored = cells.read(guards, key);
  const outcome = decide(stored, incoming);
  if (applies(outcome, incoming.carries)) cells.write(guards, key, nextStored(stored, incoming));
  return outcome;
}

export async function peekGuard(
  cells: CellTransaction,
  place: { readonly consumer: string; readonly entity: string; readonly id: string },
  incoming: Incoming,
): Promise<Outcome> {
  assertStorable(incoming);
  return decide(cells.read(guards, keyOf(place.consumer, place.entity, place.id)), incoming);
}
