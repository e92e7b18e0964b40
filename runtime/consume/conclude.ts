import { causeOf } from '../cause.js';
import { inTransaction } from '../in-transaction.js';
import type { Parts } from '../parts.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Consumer, Received, Verdict } from './consumer.js';
import { buryParked } from './dead-letter.js';

/**
 * Ends a parked message's wait in the transaction that settled it. A message from a queue has nothing to end here: its acknowledgement
 * follows the commit.
 */
export async function conclude<V extends Verdict>(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Consumer,
  received: Received,
  verdict: V,
): Promise<V> {
  const { parked } = received;
  if (parked === undefined || verdict.kind === 'parked' || verdict.kind === 'failed') return verdict;
  if (verdict.kind === 'dead') {
    parts.telemetry.count('seamwright.parked.expired', { consumer: parked.consumer });
    await buryParked(parts, unit, consumer, received, verdict);
  }
  await unit.tx.removeParked(parked);
  if (verdict.kind === 'done') {
    const seconds = (parts.clock.now() - parked.parkedAt) / 1000;
    parts.telemetry.duration('seamwright.parked.wait.duration', seconds, { consumer: parked.consumer });
  }
  return verdict;
}

/** The same, in a transaction of its own: for a verdict whose transaction was rolled back. */
export async function concludeAlone<V extends Verdict>(
  parts: Parts,
  consumer: Consumer,
  received: Received,
  verdict: V,
): Promise<V> {
  if (received.parked === undefined) return verdict;
  return inTransaction(parts, causeOf(received.envelope), (unit) => conclude(parts, unit, consumer, received, verdict));
}
