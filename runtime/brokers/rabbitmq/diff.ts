import type { ChannelModel } from 'amqplib';
import type { Topology, TopologyDifference } from '../broker.js';
import { codeOf, onOwnChannel, orNull } from './channel.js';
import { assertExchange, assertQueue } from './declare.js';
import { type Arguments, type BindingLayout, type ExchangeLayout, layoutOf, type QueueLayout } from './layout.js';
import { bindingsOf } from './management.js';
import { contradictionOf } from './precondition.js';
import { atVhost, shellQuoted } from './shell.js';
import type { AmqpUrl } from './url.js';

/**
 * What the server has otherwise than a topology. A resource that is there is declared once more, which changes nothing and is refused when a setting differs;
 * the server names the first such setting. AMQP lists no bindings: they are compared where the management API is named.
 */
export async function differences(
  model: ChannelModel,
  topology: Topology,
  url: AmqpUrl,
  management: string | undefined,
): Promise<readonly TopologyDifference[]> {
  const layout = layoutOf(topology);
  const { vhost } = url;
  const found: TopologyDifference[] = [];
  for (const exchange of layout.exchanges) {
    const there = await onOwnChannel(model, (channel) => orNull(channel.checkExchange(exchange.name)));
    if (there === null) found.push(missingExchange(exchange, vhost));
    else found.push(...(await declaredOtherwise(model, 'exchange', exchange, vhost)));
  }
  for (const queue of layout.queues) {
    const there = await onOwnChannel(model, (channel) => orNull(channel.checkQueue(queue.name)));
    if (there === null) found.push(missingQueue(queue, vhost));
    else found.push(...(await declaredOtherwise(model, 'queue', queue, vhost)));
  }
  if (management === undefined) return found;
  // What leads to a queue that is not there is not worth a line of its own.
  const absent = new Set(found.filter(({ kind }) => kind === 'missing').map(({ name }) => name));
  const wanted = layout.bindings.filter(({ source, destination }) => !absent.has(source) && !absent.has(destination));
  return [...found, ...(await bindingDifferences(wanted, url, management))];
}

async function declaredOtherwise(
  model: ChannelModel,
  resource: 'exchange' | 'queue',
  wanted: ExchangeLayout | QueueLayout,
  vhost: string,
): Promise<readonly TopologyDifference[]> {
  try {
    await onOwnChannel(model, (channel) =>
      'type' in wanted ? assertExchange(channel, wanted) : assertQueue(channel, wanted),
    );
    return [];
  } catch (error) {
    const about = { kind: 'different' as const, resource, name: wanted.name };
    if (codeOf(error) === 406)
      return [{ ...about, ...contradictionOf((error as Error).message, resource, wanted.name, vhost) }];
    if (codeOf(error) !== 403 && codeOf(error) !== 405) throw error;
    const detail = `${resource} "${wanted.name}" cannot be compared: ${(error as Error).message}`;
    return [{ ...about, detail, command: 'ask with a user that may configure it' }];
  }
}

async function bindingDifferences(
  wanted: readonly BindingLayout[],
  url: AmqpUrl,
  management: string,
): Promise<readonly TopologyDifference[]> {
  const present = await bindingsOf(management, url);
  const isThere = new Set(present.map(identityOf));
  const isWanted = new Set(wanted.map(identityOf));
  // An exchange may have other consumers; what leads into a queue of ours is ours to say.
  const ours = new Set(wanted.map(({ destination, destinationType }) => `${destinationType} ${destination}`));
  const extra = present.filter(
    (one) =>
      one.source !== '' && ours.has(`${one.destinationType} ${one.destination}`) && !isWanted.has(identityOf(one)),
  );
  return [
    ...wanted.filter((one) => !isThere.has(identityOf(one))).map((one) => missingBinding(one, url.vhost)),
    ...extra.map((one) => extraBinding(one, url.vhost)),
  ];
}

function identityOf({ source, destination, destinationType, key }: BindingLayout): string {
  return JSON.stringify([source, destination, destinationType, key]);
}

function missingExchange({ name, type, arguments: args }: ExchangeLayout, vhost: string): TopologyDifference {
  return {
    ...{ kind: 'missing', resource: 'exchange', name, detail: `there is no exchange "${name}"` },
    command: admin(vhost, 'declare exchange', { name, type, durable: 'true', ...argumentWord(args) }),
  };
}

function missingQueue({ name, arguments: args }: QueueLayout, vhost: string): TopologyDifference {
  return {
    ...{ kind: 'missing', resource: 'queue', name, detail: `there is no queue "${name}"` },
    command: admin(vhost, 'declare queue', { name, durable: 'true', ...argumentWord(args) }),
  };
}

function missingBinding({ source, destination, destinationType, key }: BindingLayout, vhost: string) {
  return {
    ...({ kind: 'missing', resource: 'binding', name: `${source} -> ${destination}` } as const),
    detail: `${destinationType} "${destination}" is not bound to exchange "${source}" with the key "${key}"`,
    command: admin(vhost, 'declare binding', {
      source,
      destination,
      destination_type: destinationType,
      routing_key: key,
    }),
  };
}

function extraBinding(binding: BindingLayout & { readonly propertiesKey?: string }, vhost: string) {
  const { source, destination, destinationType, key, propertiesKey = key } = binding;
  return {
    ...({ kind: 'extra', resource: 'binding', name: `${source} -> ${destination}` } as const),
    detail: `${destinationType} "${destination}" is bound to exchange "${source}" with the key "${key}", of which the contracts know nothing`,
    command: admin(vhost, 'delete binding', {
      ...{ source, destination, destination_type: destinationType, properties_key: propertiesKey },
    }),
  };
}

function argumentWord(args: Arguments): Readonly<Record<string, string>> {
  return Object.keys(args).length === 0 ? {} : { arguments: JSON.stringify(args) };
}

/** A line of `rabbitmqadmin`. */
function admin(vhost: string, what: string, words: Readonly<Record<string, string>>): string {
  const quoted = Object.entries(words).map(([name, value]) => shellQuoted(`${name}=${value}`));
  return `rabbitmqadmin${atVhost(vhost)} ${what} ${quoted.join(' ')}`;
}
