import { causeOf } from '../cause.js';
import { dependencyOf, lockName } from '../dependencies.js';
import { inTransaction } from '../in-transaction.js';
import type { Parts } from '../parts.js';
import type { Presence, Transaction } from '../stores/store.js';
import { conclude } from './conclude.js';
import type { Effect, Received, Verdict } from './consumer.js';
import type { NotYet } from './undo.js';
import { carryOut, decideWait } from './wait.js';

/**
 * Parks a message, or does what else its contract says about the missing dependency. Undefined when the dependency has come by now.
 *
 * Looks again under the dependency's lock: one that arrived after the first look found nobody to wake, and would never wake this message.
 */
export async function parkIfStillMissing(
  parts: Parts,
  consumer: Effect,
  received: Received,
  notYet: NotYet,
): Promise<Verdict | undefined> {
  const { entity, id } = notYet.missing.dependency;
  return inTransaction(parts, causeOf(received.envelope), async (unit) => {
    await unit.tx.lock([lockName(entity, id)]);
    const presence = await presenceOf(parts, unit.tx, consumer, notYet);
    if (presence === 'live') return undefined;
    const missing = { ...notYet.missing, presence };
    const action = decideWait(parts, consumer, received, missing);
    if (action.kind === 'pass') return undefined;
    const verdict = await carryOut(parts, unit, consumer, received, notYet.target, missing, action);
    return conclude(parts, unit, consumer, received, verdict);
  });
}

async function presenceOf(parts: Parts, tx: Transaction, consumer: Effect, notYet: NotYet): Promise<Presence> {
  const { behind, missing } = notYet;
  if (behind === undefined) {
    return dependencyOf(parts.definition, missing.dependency.entity).presence(tx, missing.dependency.id);
  }
  const outcome = await tx.peekGuard(consumer.definition.name, behind.entity, behind.id, behind.incoming);
  return outcome === 'gap' ? 'unknown' : 'live';
}
