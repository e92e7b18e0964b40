import { bindingOf, channelBindings, channelsOf, queueArgument, timeToLiveMs } from '../../model/channel-bindings.js';
import type { Channel, Message, Model } from '../../model/types.js';
import type { Rule, Violation } from '../rule.js';
import { quoted, spoken } from '../wording.js';

type Mapping = Readonly<Record<string, unknown>>;

/** What AMQP bindings ask for and the topology does not do: because it would lose messages, or because one queue serves a whole service. */
export const bindingNotHonoured: Rule = {
  id: 'binding-not-honoured',
  severity: 'warning',
  title: 'What a binding asks for is what the broker is told.',
  why: 'The document promises its readers something else than what runs: a queue that is gone with its connection, an age limit that does not count.',
  fix: 'Take out of the binding what does not apply, or bring the settings in line with it.',
  requirements: ['SE-63', 'EP-27'],
  *check(model) {
    for (const channel of channelsOf(model)) yield* onChannel(channel);
    yield* mixedTtls(model);
  },
};

function* onChannel(channel: Channel): Iterable<Violation> {
  const amqp = bindingOf(channel, 'amqp');
  const exchange = (amqp.exchange ?? {}) as Mapping;
  const queue = (amqp.queue ?? {}) as Mapping;
  const violation = (key: string, message: string, fix: string): Violation => ({
    at: channel.at,
    message: `channel "${channel.id}" ${message}`,
    subject: `channel:${channel.id} ${key}`,
    fix,
  });
  if (exchange.type === 'headers' || exchange.type === 'default') {
    yield violation(
      'exchange.type',
      `asks for a ${exchange.type} exchange; a topic exchange is declared.`,
      'write type: topic, direct or fanout.',
    );
  }
  for (const [key, value] of [
    ['exclusive', true],
    ['autoDelete', true],
    ['durable', false],
  ] as const) {
    if (queue[key] !== value) continue;
    yield violation(
      `queue.${key}`,
      `asks for a queue with ${key}: ${value}, which loses messages while its service restarts; queues are durable.`,
      `take ${key} out of bindings.amqp.queue.`,
    );
  }
  for (const [name, range] of [
    ['x-max-priority', 'a whole number from 1 to 255'],
    ['x-message-ttl', 'a whole number of milliseconds, at least 1'],
    ['x-queue-type', 'quorum or classic'],
  ] as const) {
    const value = queueArgument(channel, name);
    if (value === undefined || isRead(channel, name)) continue;
    yield violation(name, `has ${name}: ${JSON.stringify(value)}, which cannot be read.`, `write ${range}.`);
  }
}

function isRead(channel: Channel, name: 'x-max-priority' | 'x-message-ttl' | 'x-queue-type'): boolean {
  const { priorityMax, messageTtlMs, queueType } = channelBindings(channel);
  return (
    { 'x-max-priority': priorityMax, 'x-message-ttl': messageTtlMs, 'x-queue-type': queueType }[name] !== undefined
  );
}

/** A queue has one age limit: it is set only when every message of a service has one. */
function* mixedTtls(model: Model): Iterable<Violation> {
  for (const [service, messages] of takenBy(model)) {
    const limited = messages.filter((message) => timeToLiveMs(message) !== undefined);
    const [first] = limited;
    if (first === undefined || limited.length === messages.length) continue;
    const unlimited = messages.filter((message) => !limited.includes(message));
    yield {
      at: first.channels[0]?.at ?? first.at,
      message: `${quoted(limited.map(({ name }) => name))} may wait for ${spoken(timeToLiveMs(first) ?? 0)} only, but "${service}" takes ${quoted(unlimited.map(({ name }) => name))} from the same queue, which may wait for ever; so may all.`,
      subject: `service:${service} x-message-ttl`,
      fix: 'give every message of the service a time to live, or let the handler look at the age itself.',
    };
  }
}

function takenBy(model: Model): ReadonlyMap<string, readonly Message[]> {
  const taken = new Map<string, Set<Message>>();
  const add = (service: string, name: string | undefined): void => {
    const message = model.messages.get(name ?? '');
    if (message === undefined) return;
    taken.set(service, (taken.get(service) ?? new Set()).add(message));
  };
  for (const entity of model.entities.values())
    for (const consumer of entity.consumers) add(consumer.service, entity.event);
  for (const event of model.events.values())
    for (const consumer of event.consumers) add(consumer.service, event.message);
  return new Map([...taken].map(([service, messages]) => [service, [...messages]]));
}
