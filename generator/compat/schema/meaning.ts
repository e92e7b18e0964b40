import type { SchemaUse } from '../change.js';
import type { Level, Order, Verdict } from '../judgement.js';
import type { Effect } from './analysis.js';

/** What an effect means to those who write and read. */
export interface Meaning {
  readonly verdict: Verdict;
  readonly level: Level;
  readonly order: Order;
  readonly breaksStored: boolean;
  /** The side whose counterexample tells the story. */
  readonly told?: 'forward' | 'backward';
}

/**
 * Weighs an effect by who depends on it. Of a request and a command the sender lags behind, so only what refuses the old writer breaks; of a response the
 * reader does. An event is read by others than its writer, at any later time: both break it. Where only one of the two sides is known, the contract is
 * that side's alone, and the other side holds on to the old one.
 */
export function meaningOf(effect: Pick<Effect, 'forward' | 'backward'>, use: SchemaUse): Meaning {
  const ahead = effect.forward !== undefined;
  const back = effect.backward !== undefined;
  const order: Order = ahead && back ? 'never' : ahead ? 'reader-first' : back ? 'writer-first' : 'any';
  const breaksStored = back && (use.direction === 'event' || use.direction === 'command');
  const counts = countedBy(use);
  const told = ahead && counts !== 'backward' ? 'forward' : back && counts !== 'forward' ? 'backward' : undefined;
  if (told !== undefined) return { verdict: 'breaking', level: 'major', order, breaksStored, told };
  const verdict = breaksStored ? 'notice' : 'safe';
  return { verdict, level: 'minor', order, breaksStored, ...(breaksStored && { told: 'backward' as const }) };
}

/** Which direction is a break. */
export function countedBy(use: SchemaUse): 'forward' | 'backward' | 'both' {
  if (use.direction === 'request' || use.direction === 'command') return 'backward';
  if (use.direction === 'response') return 'forward';
  if (use.writers.length > 0 && use.readers.length === 0) return 'forward';
  return use.readers.length > 0 && use.writers.length === 0 ? 'backward' : 'both';
}
