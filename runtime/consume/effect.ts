import { causeOf } from '../cause.js';
import { answer } from '../commands/answer.js';
import { inTransaction } from '../in-transaction.js';
import type { Parts } from '../parts.js';
import { serviceTransaction } from '../service-transaction.js';
import { failureOf, runHandler } from './apply.js';
import { conclude, concludeAlone } from './conclude.js';
import type { Effect, Received, Verdict } from './consumer.js';
import { parkIfStillMissing } from './park-effect.js';
import { prepare } from './prepare.js';
import { type NotYet, Undo } from './undo.js';

/**
 * Runs a handler once per message that counts: claim, guard, wait, handler and everything it sends are one transaction.
 *
 * A missing dependency must leave neither claim nor guard behind, so that transaction is rolled back and another one parks the message.
 */
export async function consumeEffect(parts: Parts, consumer: Effect, received: Received): Promise<Verdict> {
  for (;;) {
    const result = await attempt(parts, consumer, received);
    if (result.kind === 'dead') return concludeAlone(parts, consumer, received, result);
    if (result.kind !== 'missing') return result;
    const parked = await parkIfStillMissing(parts, consumer, received, result);
    // Otherwise it came in between: run again from the start.
    if (parked !== undefined) return parked;
  }
}

async function attempt(parts: Parts, consumer: Effect, received: Received): Promise<Verdict | NotYet> {
  let handlerFailed = false;
  try {
    return await inTransaction(parts, causeOf(received.envelope), async (unit) => {
      handlerFailed = false;
      const early = await prepare(parts, unit, consumer, received);
      if (early !== undefined) return conclude(parts, unit, consumer, received, early);
      try {
        const returned = await runHandler(parts, consumer, received, serviceTransaction(parts, unit));
        if (consumer.definition.command !== undefined) {
          await answer(parts, unit, consumer.definition, received, returned);
        }
      } catch (error) {
        // Thrown on as it is: the store must see a deadlock to run the transaction again.
        handlerFailed = true;
        throw error;
      }
      return conclude(parts, unit, consumer, received, { kind: 'done', outcome: 'applied' });
    });
  } catch (error) {
    if (handlerFailed) return failureOf(error);
    if (error instanceof Undo) return error.result;
    throw error;
  }
}
