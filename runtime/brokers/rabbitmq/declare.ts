import type { Channel, ChannelModel } from 'amqplib';
import { UsageError } from '../../errors.js';
import { codeOf, onOwnChannel } from './channel.js';
import type { BindingLayout, ExchangeLayout, Layout, QueueLayout } from './layout.js';
import { contradictionOf } from './precondition.js';
import { atVhost, shellQuoted } from './shell.js';

/** Declares everything of a layout, in its order. Rejects with `UsageError` where the server has it otherwise or does not let this user. */
export async function declareLayout(model: ChannelModel, layout: Layout, vhost: string): Promise<void> {
  await onOwnChannel(model, async (channel) => {
    for (const exchange of layout.exchanges) {
      await refused(assertExchange(channel, exchange), 'exchange', exchange.name, vhost);
    }
    for (const queue of layout.queues) await refused(assertQueue(channel, queue), 'queue', queue.name, vhost);
    for (const binding of layout.bindings) await refused(bind(channel, binding), 'queue', binding.destination, vhost);
  });
}

export async function assertExchange(channel: Channel, { name, type, arguments: args }: ExchangeLayout): Promise<void> {
  await channel.assertExchange(name, type, { durable: true, arguments: args });
}

export async function assertQueue(channel: Channel, { name, arguments: args }: QueueLayout): Promise<void> {
  await channel.assertQueue(name, { durable: true, arguments: args });
}

/** Whether the layout needs an exchange type that only a plugin brings. */
export function needsPlugin(layout: Layout): boolean {
  return layout.exchanges.some(({ type }) => type === 'x-consistent-hash');
}

export function pluginMissing(): UsageError {
  return new UsageError(
    'RabbitMQ cannot spread a queue over partitions: its plugin is not enabled; run on every node: rabbitmq-plugins enable rabbitmq_consistent_hash_exchange',
  );
}

async function bind(channel: Channel, { source, destination, destinationType, key }: BindingLayout): Promise<void> {
  if (destinationType === 'queue') await channel.bindQueue(destination, source, key);
  else await channel.bindExchange(destination, source, key);
}

async function refused(
  asked: Promise<void>,
  resource: 'exchange' | 'queue',
  name: string,
  vhost: string,
): Promise<void> {
  try {
    await asked;
  } catch (error) {
    throw usageErrorOf(error, resource, name, vhost) ?? error;
  }
}

function usageErrorOf(
  error: unknown,
  resource: 'exchange' | 'queue',
  name: string,
  vhost: string,
): UsageError | undefined {
  const { message } = error as Error;
  switch (codeOf(error)) {
    case 406: {
      const { detail, command } = contradictionOf(message, resource, name, vhost);
      return new UsageError(`${detail}; ${command}`);
    }
    case 403:
      return new UsageError(
        `RabbitMQ does not let this user declare ${resource} "${name}"; grant it: rabbitmqctl set_permissions${atVhost(vhost)} USER ${shellQuoted('.*')} ${shellQuoted('.*')} ${shellQuoted('.*')}`,
      );
    case 404:
      return new UsageError(`${resource} "${name}" is bound to an exchange that does not exist: ${message}`);
    case 405:
      return new UsageError(`${resource} "${name}" belongs to another connection alone; choose another name`);
    default:
      return undefined;
  }
}
