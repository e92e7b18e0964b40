import type { Delivery } from '../brokers/broker.js';
import type { Envelope } from '../envelope.js';
import type { Parts } from '../parts.js';
import { redactError } from '../redact.js';
import { traceIdOf } from '../tracing.js';
import type { Consumer, DeadVerdict, FailedVerdict, Verdict } from './consumer.js';
import { type DeadAt, deadHeaders } from './dead-letter.js';
import { errorText, type Failures } from './failures.js';

/** What one consumer made of a message. */
export interface Result<V extends Verdict = Verdict> {
  readonly consumer: Consumer;
  readonly verdict: V;
}

/**
 * Settles a delivery once, after every consumer of the service has committed: retry while one of them may still succeed, else dead-letter when one
 * has given up, else acknowledge. On a retry those that are done see a duplicate.
 */
export async function settle(
  parts: Parts,
  failures: Failures,
  delivery: Delivery,
  envelope: Envelope,
  results: readonly Result[],
): Promise<void> {
  if (results.every(({ verdict }) => verdict.kind === 'done' || verdict.kind === 'parked')) {
    for (const { consumer } of results) failures.take(consumer.definition.name, envelope.id);
    return delivery.ack();
  }
  const failed = results.filter(isFailed);
  for (const { consumer, verdict } of failed) {
    failures.note(consumer.definition.name, envelope.id, verdict.error, parts.clock.now());
    const facts = {
      consumer: consumer.definition.name,
      messageId: envelope.id,
      correlationId: envelope.correlationid,
      traceId: traceIdOf(envelope.traceparent),
      attempt: delivery.attempt,
      error: redactError(consumer.definition.message.redact, envelope.data, verdict.error),
    };
    parts.log.warn(facts, 'a consumer failed');
  }
  for (const { consumer, verdict } of results) {
    if (verdict.kind === 'done' || verdict.kind === 'parked') failures.take(consumer.definition.name, envelope.id);
  }
  const again = failed.filter(({ consumer }) => delivery.attempt < consumer.definition.retry.attemptsMax);
  if (again.length > 0) {
    // No sooner than the most patient policy asks.
    const delays = again.map(({ consumer }) => parts.retryDelayMs(consumer.definition.retry, delivery.attempt));
    return delivery.retry(Math.max(...delays));
  }
  const [first, ...others] = results.flatMap(deadAt);
  if (first !== undefined) return delivery.deadLetter(deadHeaders(parts, failures, envelope, [first, ...others]));
  await delivery.ack();
}

function deadAt({ consumer, verdict }: Result): readonly DeadAt[] {
  if (verdict.kind === 'dead') return [{ consumer, verdict }];
  if (verdict.kind !== 'failed') return [];
  const exhausted: DeadVerdict = { kind: 'dead', reason: 'attempts-exhausted', detail: errorText(verdict.error) };
  return [{ consumer, verdict: exhausted }];
}

function isFailed(result: Result): result is Result<FailedVerdict> {
  return result.verdict.kind === 'failed';
}
