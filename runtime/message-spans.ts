import type { Address, Broker } from './brokers/broker.js';
import type { Envelope } from './envelope.js';
import type { SpanFacts, SpanStart } from './tracing.js';

/** What every span of a message says, by the names of OpenTelemetry's conventions for messaging (still "development" there). Nothing of the payload. */
export function messageFacts(broker: Broker, envelope: Pick<Envelope, 'id' | 'type' | 'correlationid'>): SpanFacts {
  return {
    'messaging.system': broker.kind,
    'messaging.message.id': envelope.id,
    'messaging.message.conversation_id': envelope.correlationid,
    'seamwright.message': envelope.type,
  };
}

/** Where a message goes: the exchange, or the queue when it is addressed directly. Keys may hold ids: too many for a name. */
export function destinationOf({ exchange, key }: Address): string {
  return exchange === '' ? key : exchange;
}

/** The making of a message, inside the transaction that it leaves with. */
export function sendSpan(broker: Broker, envelope: Envelope, address: Address): SpanStart {
  const destination = destinationOf(address);
  return {
    name: `send ${destination}`,
    kind: 'producer',
    parent: envelope.traceparent,
    attributes: () => ({
      ...messageFacts(broker, envelope),
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'create',
      'messaging.destination.name': destination,
    }),
  };
}
