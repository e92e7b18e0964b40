import { causeOf } from '../cause.js';
import { answer } from '../commands/answer.js';
import { inTransaction } from '../in-transaction.js';
import type { Parts } from '../parts.js';
import { currentScope, inScope, ofWhom } from '../scope.js';
import { looseTransaction } from '../service-transaction.js';
import { failureOf, runHandler } from './apply.js';
import { conclude, concludeAlone } from './conclude.js';
import type { Effect, Received, Verdict } from './consumer.js';
import { parkIfStillMissing } from './park-effect.js';
import { prepare } from './prepare.js';
import { type NotYet, Undo } from './undo.js';

/**
 * Runs a handler outside any transaction (`transaction: none`): looked at first, handled, then claimed. A crash between handling and claiming runs
 * it again, which is why such a handler must be idempotent by itself. Each thing it does through `tx` commits on its own.
 */
export async function consumeOutside(parts: Parts, consumer: Effect, received: Received): Promise<Verdict> {
  for (;;) {
    const look = await lookOnly(parts, consumer, received);
    if (look === 'go') break;
    if (look.kind === 'dead') return concludeAlone(parts, consumer, received, look);
    if (look.kind !== 'missing') return look;
    const parked = await parkIfStillMissing(parts, consumer, received, look);
    if (parked !== undefined) return parked;
  }
  let returned: unknown;
  try {
    const cause = causeOf(received.envelope);
    const tx = looseTransaction(parts, cause);
    const { service } = parts.definition;
    returned = await inScope({ ...ofWhom(currentScope(), service), service, cause }, () =>
      runHandler(parts, consumer, received, tx),
    );
  } catch (error) {
    return concludeAlone(parts, consumer, received, failureOf(error));
  }
  return claim(parts, consumer, received, returned);
}

/** Claims, moves the guard for good and answers a command, or answers why the message is settled without the handler. */
async function claim(parts: Parts, consumer: Effect, received: Received, returned: unknown): Promise<Verdict> {
  try {
    return await inTransaction(parts, causeOf(received.envelope), async (unit) => {
      const early = await prepare(parts, unit, consumer, received);
      if (early === undefined) await answer(parts, unit, consumer.definition, received, returned);
      return conclude(parts, unit, consumer, received, early ?? { kind: 'done', outcome: 'applied' });
    });
  } catch (error) {
    // Somebody else went first, or the dependency has gone: the effect has happened all the same.
    if (error instanceof Undo) return concludeAlone(parts, consumer, received, { kind: 'done', outcome: 'applied' });
    throw error;
  }
}

/** `go` when the handler is to run. What the look wrote is rolled back then, but kept for a message that is already settled. */
async function lookOnly(parts: Parts, consumer: Effect, received: Received): Promise<Verdict | NotYet | 'go'> {
  try {
    return await inTransaction(parts, causeOf(received.envelope), async (unit) => {
      const early = await prepare(parts, unit, consumer, received);
      if (early === undefined) throw new Go();
      return conclude(parts, unit, consumer, received, early);
    });
  } catch (error) {
    if (error instanceof Go) return 'go';
    if (error instanceof Undo) return error.result;
    throw error;
  }
}

/** Rolls the look back. */
class Go extends Error {}
