import { answerAgain } from '../commands/answer.js';
import { refusalOf } from '../commands/refuse-command.js';
import type { WaitRule } from '../definition.js';
import type { Parts } from '../parts.js';
import type { UnitOfWork } from '../unit-of-work.js';
import type { Effect, Received, Verdict } from './consumer.js';
import { claimMessage } from './dedupe.js';
import { passGuard } from './pass-guard.js';
import { Undo } from './undo.js';
import { decideWait, findMissing } from './wait.js';

/**
 * Everything before the handler: guard, filter, dedupe, wait. Undefined when the handler is to run, else what became of the message.
 * Throws `Undo` when what it wrote has to go.
 */
export async function prepare(
  parts: Parts,
  unit: UnitOfWork,
  consumer: Effect,
  received: Received,
): Promise<Verdict | undefined> {
  const { definition } = consumer;
  const message = received.envelope.data;
  const guarded = await passGuard(parts, unit, consumer, received);
  if (guarded.kind === 'done') return guarded;
  // After the guard: a message that is left out keeps its place in the order.
  if (definition.when?.(message) === false) return { kind: 'done', outcome: 'filtered' };
  // Last of these: a message that is stale or left out has no effect, and a later one with the same idempotency key may be the first that counts.
  if (!(await claimMessage(unit, definition, received))) {
    parts.telemetry.count('seamwright.inbox.duplicates', { consumer: definition.name });
    if (definition.command !== undefined) await answerAgain(parts, unit, definition, received);
    return { kind: 'done', outcome: 'duplicate' };
  }
  // After the claim: one that was carried out in time and comes again is no late one.
  const refusal = definition.command && refusalOf(definition, received.envelope, parts.clock.now());
  if (refusal !== undefined) throw new Undo(refusal);
  const ignore = new Set<WaitRule<unknown>>();
  for (;;) {
    const missing = await findMissing(parts, unit.tx, definition.awaits, message, ignore);
    if (missing === undefined) return undefined;
    if (decideWait(parts, consumer, received, missing).kind !== 'pass') {
      throw new Undo({ kind: 'missing', missing, target: guarded.target });
    }
    ignore.add(missing.rule);
  }
}
