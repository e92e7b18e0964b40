import { causeOf } from '../cause.js';
import { messageFacts } from '../message-spans.js';
import type { Parts } from '../parts.js';
import { inScope, type Scope } from '../scope.js';
import { errorType, inSpan, type SpanAtWork } from '../tracing.js';
import type { Consumer, Received, Verdict } from './consumer.js';
import { waitedIn } from './park.js';
import { isAlone } from './replica.js';

/**
 * Lets a consumer take a message where everybody can see it: in a span that continues the sender's trace, in the scope of the message, and timed. What is sent and
 * called inside belongs to the span. A message that comes out of the parking place is linked to the span in which it was parked.
 */
export async function observe(
  parts: Parts,
  queue: string,
  consumer: Consumer,
  received: Received,
  take: (received: Received) => Promise<Verdict>,
): Promise<Verdict> {
  const { service } = parts.definition;
  const { envelope, parked, attempt } = received;
  const { name } = consumer.definition;
  const startedAt = parts.clock.now();
  let failure: string | undefined;
  try {
    const verdict = await inSpan(
      {
        name: `process ${queue}`,
        kind: 'consumer',
        parent: envelope.traceparent,
        remote: true,
        links: parked === undefined ? [] : [waitedIn(parked.message)],
        attributes: () => ({
          ...messageFacts(parts.broker, envelope),
          'messaging.operation.name': 'process',
          'messaging.operation.type': 'process',
          'messaging.destination.name': queue,
          'messaging.consumer.group.name': service,
          'seamwright.consumer': name,
          'seamwright.attempt': attempt,
        }),
      },
      (span) => {
        const within = carriedOn(received, span);
        // Nobody's code runs for a copy that is one statement, so that nobody asks for the scope.
        const unasked = consumer.kind === 'replica' && isAlone(parts, consumer) && parts.store.asksForScope !== true;
        const taken = unasked ? take(within) : inScope(scopeOf(service, consumer, within), () => take(within));
        // No further promise for the many that nobody watches.
        return span.recorded ? taken.then((verdict) => tell(span, verdict)) : taken;
      },
    );
    failure = failureOf(verdict);
    return verdict;
  } catch (error) {
    failure = errorType(error);
    throw error;
  } finally {
    const seconds = (parts.clock.now() - startedAt) / 1000;
    parts.telemetry.duration('messaging.process.duration', seconds, {
      consumer: name,
      ...(failure !== undefined && { 'error.type': failure }),
    });
  }
}

function scopeOf(service: string, { kind, definition }: Consumer, { envelope }: Received): Scope {
  const calls = kind === 'effect' ? definition.calls : undefined;
  return { service, consumer: definition.name, cause: causeOf(envelope), ...(calls !== undefined && { calls }) };
}

/** The same message, with this span as what it belongs to. What is parked or buried stays as it came: see `Received.wire`. */
function carriedOn(received: Received, { traceparent }: SpanAtWork): Received {
  if (traceparent === undefined || traceparent === received.envelope.traceparent) return received;
  return { ...received, envelope: { ...received.envelope, traceparent } };
}

function tell(span: SpanAtWork, verdict: Verdict): Verdict {
  span.tell({ 'seamwright.outcome': verdict.kind === 'done' ? verdict.outcome : verdict.kind });
  const failure = failureOf(verdict);
  if (failure !== undefined) span.fail(failure);
  return verdict;
}

/** What failed, if anything did. */
function failureOf(verdict: Verdict): string | undefined {
  if (verdict.kind === 'dead') return verdict.reason;
  return verdict.kind === 'failed' ? errorType(verdict.error) : undefined;
}
