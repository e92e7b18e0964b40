import type { Channel, Message, Model } from './types.js';

/** What the bindings of a channel ask of a broker. Absent = nothing is asked, or what stands there cannot be read. */
export interface ChannelBindings {
  /** AMQP queue type. */
  readonly queueType?: 'quorum' | 'classic';
  /** Highest priority that is told apart, 1 to 255. */
  readonly priorityMax?: number;
  /** Age at which a message that nobody took is given up, in ms; at least 1. */
  readonly messageTtlMs?: number;
  /** Kafka partitions; at least 1. */
  readonly partitions?: number;
}

type Mapping = Readonly<Record<string, unknown>>;

/** Reads the AMQP and Kafka bindings of a channel, `x-` arguments of RabbitMQ included. */
export function channelBindings(channel: Channel): ChannelBindings {
  const type = queueArgument(channel, 'x-queue-type');
  const priorityMax = between(1, 255, queueArgument(channel, 'x-max-priority'));
  const messageTtlMs = between(1, Number.MAX_SAFE_INTEGER, queueArgument(channel, 'x-message-ttl'));
  const partitions = between(1, 100_000, bindingOf(channel, 'kafka').partitions);
  return {
    ...((type === 'quorum' || type === 'classic') && { queueType: type }),
    ...(priorityMax !== undefined && { priorityMax }),
    ...(messageTtlMs !== undefined && { messageTtlMs }),
    ...(partitions !== undefined && { partitions }),
  };
}

/** An argument of the AMQP queue as written: in `queue.arguments`, as RabbitMQ calls them, or as an extension of `queue` or of the binding. */
export function queueArgument(channel: Channel, name: string): unknown {
  return queueArgumentsOf(channel).find((place) => Object.hasOwn(place, name))?.[name];
}

/** Where arguments of the AMQP queue may stand, the most particular first. */
export function queueArgumentsOf(channel: Channel): readonly Mapping[] {
  const amqp = bindingOf(channel, 'amqp');
  const queue = mapping(amqp.queue);
  return [mapping(queue.arguments), queue, amqp];
}

/** The binding of one protocol; empty when there is none. */
export function bindingOf(channel: Channel, protocol: string): Mapping {
  return mapping(channel.definition.bindings[protocol]);
}

/** Highest priority that an operation sends the message with, 0 to 255. */
export function sendPriority(message: Message): number | undefined {
  const values = sendBindings(message).flatMap((amqp) => between(0, 255, amqp.priority) ?? []);
  return values.length === 0 ? undefined : Math.max(...values);
}

/** Shortest time that channels and sending operations give a message, in ms. */
export function timeToLiveMs(message: Message): number | undefined {
  const ttls = [
    ...message.channels.flatMap((channel) => channelBindings(channel).messageTtlMs ?? []),
    ...sendBindings(message).flatMap((amqp) => between(1, Number.MAX_SAFE_INTEGER, amqp.expiration) ?? []),
  ];
  return ttls.length === 0 ? undefined : Math.min(...ttls);
}

/** The channel that the contract names for a message, else the first that carries it. */
export function channelNamed(model: Model, message: string, channel: string | undefined): Channel | undefined {
  const channels = model.messages.get(message)?.channels ?? [];
  return channels.find((item) => item.id === channel) ?? channels[0];
}

/** Every channel that carries a message, each once, in the order of the messages. */
export function channelsOf(model: Model): readonly Channel[] {
  const channels = [...model.messages.values()].flatMap((message) => message.channels);
  return [...new Map(channels.map((channel) => [`${channel.document} ${channel.id}`, channel])).values()];
}

function sendBindings(message: Message): readonly Mapping[] {
  return message.channels
    .flatMap((channel) => channel.operations)
    .filter((operation) => operation.action === 'send' && operation.messages.includes(message.name))
    .map((operation) => mapping(operation.bindings.amqp));
}

function between(lowest: number, highest: number, value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= lowest && value <= highest
    ? value
    : undefined;
}

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}
