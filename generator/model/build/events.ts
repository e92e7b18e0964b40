import type { Command, Entity, Event, EventConsumer, Message, Service } from '../types.js';
import { type BuildContext, type FeatureFile, sharedFiles } from './context.js';
import { everyone } from './entities.js';
import type { Node } from './node.js';
import { bytes, deadLetter, duration, expression, optional, ordering, retry, security, waits } from './values.js';

interface Parts {
  readonly messages: ReadonlyMap<string, Message>;
  readonly services: ReadonlyMap<string, Service>;
  readonly entities: ReadonlyMap<string, Entity>;
}

/** Events of the `events:` tables, then those that only the operations of per-service documents tell. */
export function buildEvents(context: BuildContext, parts: Parts): Map<string, Event> {
  const events = new Map<string, Event>();
  for (const file of sharedFiles(context)) {
    for (const [name, node] of file.node.get('events').entries()) {
      const built = event(name, node, file, context, parts);
      const known = events.get(name);
      events.set(name, known === undefined ? built : merged(known, built));
    }
  }
  const told = new Set([...events.values()].map((item) => item.message));
  for (const message of parts.messages.values()) {
    const built = told.has(message.name) ? undefined : fromOperations(message, parts);
    if (built !== undefined) events.set(built.name, built);
  }
  return new Map([...events].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function buildCommands(context: BuildContext): Map<string, Command> {
  const commands = new Map<string, Command>();
  for (const file of sharedFiles(context)) {
    for (const [name, node] of file.node.get('commands').entries()) {
      const built = command(name, node, file);
      const known = commands.get(name);
      commands.set(
        name,
        known === undefined
          ? built
          : {
              ...known,
              receivers: [...known.receivers, ...built.receivers],
              senders: [...new Set([...known.senders, ...built.senders])],
            },
      );
    }
  }
  return commands;
}

function event(name: string, node: Node, file: FeatureFile, context: BuildContext, parts: Parts): Event {
  const publisher = node.get('publisher').text() ?? '';
  const consumers = node.get('consumers');
  const tieBreaker = context.workspace.settings.envelope.id ?? 'messageId';
  const message = node.get('message').text() ?? name;
  const entity = node.get('entity').text() ?? [...parts.entities.values()].find((item) => item.event === message)?.name;
  return {
    name,
    message,
    publisher,
    consumers:
      consumers.text() === '*'
        ? everyone(parts.services, publisher).map((service) => consumer(consumers, service, true, file.name))
        : consumers
            .items()
            .map((item) => consumer(item, item.text() ?? item.get('service').text() ?? '', false, file.name)),
    ...optional('purpose', node.get('purpose').text()),
    ...optional('channel', node.get('channel').text()),
    ...optional('entity', entity),
    ...optional('ordering', node.get('ordering').exists ? ordering(node.get('ordering'), tieBreaker) : undefined),
    ...optional('idempotencyKey', node.get('idempotency_key').text()),
    outbox: node.get('outbox').flag() ?? true,
    delivery: (node.get('delivery').text() ?? 'at-least-once') as Event['delivery'],
    ...optional('payloadMax', bytes(node.get('max_payload'))),
    deprecated: node.get('deprecated').flag() ?? false,
    ...optional('security', security(node.get('security'))),
    deadLetter: deadLetter(node.get('dead_letter')),
    feature: file.name,
    features: [file.name],
    from: 'table',
    at: node.keyAt,
  };
}

function consumer(node: Node, service: string, everybody: boolean, feature: string): EventConsumer {
  return {
    service,
    ...optional('purpose', node.get('purpose').text()),
    ...optional('effect', node.get('effect').text()),
    ...optional('idempotencyKey', node.get('idempotency_key').text()),
    ...optional('when', expression(node.get('when'))),
    waits: waits(node.get('waits_for')),
    ...optional('retry', retry(node.get('retry'))),
    ...optional('handler', node.get('handler').text()),
    transaction: (node.get('transaction').text() ?? 'single') as EventConsumer['transaction'],
    ...optional('batchSize', node.get('batch_size').number()),
    needs: node
      .get('needs')
      .items()
      .map((item) => ({ path: item.text() ?? '', at: item.at })),
    calls: node
      .get('calls')
      .items()
      .map((item) => ({ operationId: item.text() ?? '', at: item.at })),
    everyone: everybody,
    feature,
    at: node.at,
  };
}

/** A second feature may add consumers to an event; its other words are ignored in favour of the first. */
function merged(first: Event, second: Event): Event {
  const added = second.consumers.filter(
    (item) => !first.consumers.some((known) => known.service === item.service && known.handler === item.handler),
  );
  return {
    ...first,
    consumers: [...first.consumers, ...added],
    features: [...new Set([...first.features, ...second.features])],
  };
}

/** Sender and receivers of a message whose documents belong to one service each. Copies of an entity are not told twice. */
function fromOperations(message: Message, parts: Parts): Event | undefined {
  const entity = [...parts.entities.values()].find((item) => item.event === message.name);
  const copies = new Set(entity?.consumers.map((item) => item.service));
  const receivers = message.receivers.filter(
    (use, index, all) => !copies.has(use.service) && all.findIndex((other) => other.service === use.service) === index,
  );
  if (receivers.length === 0 && (entity !== undefined || message.senders.length === 0)) return undefined;
  const feature = message.features[0] ?? '';
  return {
    name: message.name,
    message: message.name,
    publisher: entity?.owner ?? message.senders[0]?.service ?? '',
    consumers: receivers.map((use) => ({
      service: use.service,
      waits: [],
      transaction: 'single',
      needs: [],
      calls: [],
      everyone: false,
      feature,
      at: use.at,
    })),
    ...optional('entity', entity?.name),
    outbox: true,
    delivery: 'at-least-once',
    deprecated: message.definition.deprecated,
    deadLetter: { enabled: true, maxDeliveries: 5, given: false },
    feature,
    features: message.features,
    from: 'operations',
    at: message.senders[0]?.at ?? message.at,
  };
}

function command(name: string, node: Node, file: FeatureFile): Command {
  const sender = node.get('sender').text();
  const receiver = node.get('receiver');
  return {
    name,
    message: node.get('message').text() ?? name,
    senders: [...(sender === undefined ? [] : [sender]), ...node.get('senders').texts()],
    receivers: [{ service: receiver.text() ?? '', feature: file.name, at: receiver.at }],
    ...optional('purpose', node.get('purpose').text()),
    ...optional('channel', node.get('channel').text()),
    ...optional('routingKey', node.get('routing_key').text()),
    ...optional('reply', node.get('reply').text()),
    ...optional('timeoutMs', duration(node.get('timeout'))),
    ...optional('idempotencyKey', node.get('idempotency_key').text()),
    outbox: node.get('outbox').flag() ?? true,
    ...optional('delayMs', duration(node.get('delay'))),
    ...optional('security', security(node.get('security'))),
    deadLetter: deadLetter(node.get('dead_letter')),
    feature: file.name,
    at: node.keyAt,
  };
}
