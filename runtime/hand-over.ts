import type { WireMessage } from './envelope.js';
import { decodeHeaderValue } from './header-value.js';
import { destinationOf } from './message-spans.js';
import type { Parts } from './parts.js';
import type { OutboxMessage } from './stores/store.js';
import { errorType, inSpan } from './tracing.js';

/** Gives a committed message to the broker, in a span below the one in which it was made. Rejects as the broker does. */
export async function handOver(
  { broker, clock, telemetry }: Pick<Parts, 'broker' | 'clock' | 'telemetry'>,
  { address, message }: Pick<OutboxMessage, 'address' | 'message'>,
): Promise<void> {
  const destination = destinationOf(address);
  const startedAt = clock.now();
  let failure: string | undefined;
  try {
    await inSpan(
      {
        name: `publish ${destination}`,
        kind: 'client',
        parent: attribute(message, 'traceparent'),
        remote: true,
        attributes: () => ({
          'messaging.system': broker.kind,
          'messaging.operation.name': 'publish',
          'messaging.operation.type': 'send',
          'messaging.destination.name': destination,
          'messaging.message.id': attribute(message, 'id'),
          'messaging.message.conversation_id': attribute(message, 'correlationid'),
          'seamwright.message': attribute(message, 'type'),
        }),
      },
      () => broker.publish(address, message),
    );
  } catch (error) {
    failure = errorType(error);
    throw error;
  } finally {
    telemetry.duration('messaging.client.operation.duration', (clock.now() - startedAt) / 1000, {
      operation: 'publish',
      destination,
      ...(failure !== undefined && { 'error.type': failure }),
    });
  }
}

function attribute({ headers }: WireMessage, name: string): string | undefined {
  const value = headers[`ce-${name}`];
  return value === undefined ? undefined : decodeHeaderValue(value);
}
