import { delayText } from '../../runtime/brokers/retry-ladder.js';
import { channelNamed, channelsOf, sendPriority } from '../model/channel-bindings.js';
import { brokerName, commandQueueName, kebab } from '../model/naming.js';
import type { Channel, Command, Entity, Model } from '../model/types.js';

/** Where a message is published and how a consumer binds to it. */
export interface MessageAddress {
  readonly exchange: Channel['exchange'];
  /** Routing key to publish with; `{op}` stands for the kind of change, in lower case. */
  readonly key: string;
  /** Pattern to bind with: every parameter of the address is a `*`. */
  readonly binding: string;
  /** Of an AMQP operation that sends it; 0 to 255. */
  readonly priority?: number;
  /** Parameters of the key besides `op`, each with the place that the contract gives for its value. */
  readonly parameters: readonly { readonly name: string; readonly location?: string }[];
}

/** Parameters of an address that mean the kind of change. */
const operationWords = /\{(crudAction|op|operation|action|change)\}/gi;

/** Address of a message: its channel's bindings and address, else the naming rules of the workspace. */
export function addressOf(
  model: Model,
  message: string,
  publisher: string,
  entity?: Entity,
  channelId?: string,
): MessageAddress {
  const known = model.messages.get(message);
  const channels = known?.channels ?? [];
  const channel = channels.find((item) => item.id === channelId) ?? channels[0];
  const names = {
    system: model.system,
    service: publisher,
    owner: publisher,
    publisher,
    message: kebab(message),
    entity: entity?.name.toLowerCase() ?? kebab(message),
  };
  const pattern = model.settings.broker.kind === 'kafka' ? 'topic' : 'exchange';
  const exchange = channel?.exchange ?? exchangeCalled(model, brokerName(model.settings, pattern, names));
  const priority = known === undefined ? undefined : sendPriority(known);
  const address = words(channel) || brokerName(model.settings, 'routing_key', names);
  const key = entity === undefined ? address : address.replace(operationWords, '{op}');
  return {
    exchange,
    key,
    binding: exchange.kind === 'direct' ? key : key.replace(/\{[^}]*\}/g, '*'),
    parameters: parametersOf(key, channel),
    ...(priority !== undefined && { priority }),
  };
}

/** Exchange that commands and their answers travel by, unless a channel says otherwise. */
function commandExchange(model: Model): Channel['exchange'] {
  const name = brokerName(model.settings, 'commands', { system: model.system });
  return { name, kind: 'direct' };
}

/** Where the one receiver of a command finds it: the place that its channel's bindings name, else `<system>.commands` with the receiver's own key. */
export function commandAddress(model: Model, command: Command): MessageAddress {
  const message = model.messages.get(command.message);
  const channel = channelNamed(model, command.message, command.channel);
  const bound = channel !== undefined && ['amqp', 'kafka'].some((name) => name in channel.definition.bindings);
  const isRouted = bound && 'amqp' in channel.definition.bindings && !/[{*#]/.test(channel.address ?? '{');
  const receiver = command.receivers[0]?.service ?? '';
  const key = command.routingKey ?? (isRouted ? channel.address : undefined) ?? commandQueueName(receiver);
  const priority = message === undefined ? undefined : sendPriority(message);
  return {
    exchange: bound ? channel.exchange : commandExchange(model),
    key,
    binding: key,
    parameters: [],
    ...(priority !== undefined && { priority }),
  };
}

/** Where a service gets the answers to its commands. */
export function answerAddress(model: Model, service: string): MessageAddress {
  const key = commandQueueName(service);
  return { exchange: commandExchange(model), key, binding: key, parameters: [] };
}

/** A message without a channel goes where its name leads; what other channels say of that exchange holds for it, too. */
function exchangeCalled(model: Model, name: string): Channel['exchange'] {
  return channelsOf(model).find(({ exchange }) => exchange.name === name)?.exchange ?? { name, kind: 'topic' };
}

/** Names of a queue and of what belongs to it. */
export interface QueueNames {
  readonly name: string;
  readonly deadLetter: string;
  readonly deadLetterExchange?: string;
  retry(delayMs: number): string;
}

/** Names of the queue in which a service gets events. */
export function queueOf(model: Model, service: string): QueueNames {
  const { settings, system } = model;
  return namesOf(model, service, brokerName(settings, 'queue', { system, service, consumer: service }));
}

/** Names of the queue in which a service gets commands, and the answers to its own: a backlog of events does not hold them up. */
export function commandQueueOf(model: Model, service: string): QueueNames {
  return namesOf(model, service, commandQueueName(service));
}

function namesOf({ settings, system }: Model, service: string, name: string): QueueNames {
  const names = { system, service, consumer: service, queue: name };
  return {
    name,
    deadLetter: brokerName(settings, 'dead_letter', names),
    ...(settings.naming.dead_letter_exchange !== undefined && {
      deadLetterExchange: brokerName(settings, 'dead_letter_exchange', names),
    }),
    retry: (delayMs) => brokerName(settings, 'retry', { ...names, delay: delayText(delayMs) }),
  };
}

/** An address as a routing key: words with dots between them, unless the AMQP binding says that it is one already. */
function words(channel: Channel | undefined): string | undefined {
  const { address, definition } = channel ?? {};
  if (address === undefined || address === null || definition === undefined || 'amqp' in definition.bindings)
    return address ?? undefined;
  return address.replace(/^\/+/, '').replaceAll('/', '.');
}

function parametersOf(key: string, channel: Channel | undefined): MessageAddress['parameters'] {
  const names = [...key.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '').filter((name) => name !== 'op');
  return [...new Set(names)].map(
    (name) => channel?.definition.parameters.find((parameter) => parameter.name === name) ?? { name },
  );
}
