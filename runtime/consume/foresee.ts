import { causeOf } from '../cause.js';
import { inTransaction } from '../in-transaction.js';
import type { Parts } from '../parts.js';
import type { Consumer, Received, Verdict } from './consumer.js';
import { prepare } from './prepare.js';
import { consumeReplica } from './replica.js';
import { Undo } from './undo.js';

/**
 * What a consumer would make of a message now. Goes the way of a real message in a transaction that is always rolled back, so the answer is the
 * pipeline's own. `handle` when a handler would run: what it would do nobody can know.
 */
export async function foresee(parts: Parts, consumer: Consumer, received: Received): Promise<Verdict | 'handle'> {
  try {
    return await inTransaction(parts, causeOf(received.envelope), async (unit): Promise<never> => {
      if (consumer.kind === 'replica') throw new Foreseen(await consumeReplica(parts, unit, consumer, received));
      throw new Foreseen((await prepare(parts, unit, consumer, received)) ?? 'handle');
    });
  } catch (error) {
    if (error instanceof Foreseen) return error.verdict;
    if (error instanceof Undo) return error.result.kind === 'dead' ? error.result : { kind: 'parked' };
    throw error;
  }
}

/** Rolls the look back and brings its answer out. */
class Foreseen extends Error {
  readonly verdict: Verdict | 'handle';

  constructor(verdict: Verdict | 'handle') {
    super('roll back');
    this.verdict = verdict;
  }
}
