import { causeOf } from '../cause.js';
import { RejectMessageError, UnavailableError } from '../errors.js';
import { inTransaction } from '../in-transaction.js';
import type { Parts } from '../parts.js';
import { traceIdOf } from '../tracing.js';
import { failureOf } from './apply.js';
import { conclude, concludeAlone } from './conclude.js';
import type { Consumer, Received, Verdict } from './consumer.js';
import { consumeEffect } from './effect.js';
import { consumeOutside } from './effect-outside.js';
import { consumeAlone, consumeReplica, isAlone } from './replica.js';

/**
 * Lets one consumer take one message, in transactions of its own. Answers what became of it; what is answered is committed.
 *
 * While the database is away the message is held, not failed: that is not its fault, and its tries are few. Rejects only when the service stops
 * meanwhile: a handler that is interrupted has not failed, its message is for the next process.
 */
export async function processMessage(parts: Parts, consumer: Consumer, received: Received): Promise<Verdict> {
  const { signal } = parts;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      const verdict = await consume(parts, consumer, received);
      if (verdict.kind === 'failed') signal.throwIfAborted();
      return verdict;
    } catch (error) {
      signal.throwIfAborted();
      // Of a version that cannot be kept, before any handler saw the message.
      if (error instanceof RejectMessageError) return concludeAlone(parts, consumer, received, failureOf(error));
      if (!(error instanceof UnavailableError)) return { kind: 'failed', error };
      parts.log.warn({ ...messageFacts(consumer, received), error }, 'the store is not available, holding the message');
      await parts.clock.sleep(Math.min(100 * 2 ** attempt, 10_000), signal);
    }
  }
}

function messageFacts({ definition }: Consumer, { envelope }: Received): Readonly<Record<string, unknown>> {
  const { id, correlationid, traceparent } = envelope;
  const traceId = traceIdOf(traceparent);
  return {
    ...{ consumer: definition.name, messageId: id, correlationId: correlationid },
    ...(traceId !== undefined && { traceId }),
  };
}

function consume(parts: Parts, consumer: Consumer, received: Received): Promise<Verdict> {
  if (consumer.kind === 'replica') {
    const { alone } = parts.store;
    if (alone !== undefined && received.parked === undefined && isAlone(parts, consumer)) {
      return consumeAlone(parts, alone, consumer, received);
    }
    return inTransaction(parts, causeOf(received.envelope), async (unit) => {
      const verdict = await consumeReplica(parts, unit, consumer, received);
      return conclude(parts, unit, consumer, received, verdict);
    });
  }
  return consumer.definition.transaction === 'none'
    ? consumeOutside(parts, consumer, received)
    : consumeEffect(parts, consumer, received);
}
