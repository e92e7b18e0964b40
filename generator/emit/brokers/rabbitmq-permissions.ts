import { layoutOf } from '../../../runtime/brokers/rabbitmq/layout.js';
import type { Model } from '../../model/types.js';
import { brokerAccess, type ServiceAccess } from './access.js';

/** What a definitions file says of users: its `permissions` and `topic_permissions`. */
export interface RabbitmqPermissions {
  readonly permissions: readonly {
    readonly user: string;
    readonly vhost: string;
    readonly configure: string;
    readonly write: string;
    readonly read: string;
  }[];
  readonly topic_permissions: readonly {
    readonly user: string;
    readonly vhost: string;
    readonly exchange: string;
    readonly write: string;
    readonly read: string;
  }[];
}

/**
 * Permissions of one user per service, named like it: as little as the service needs to declare what it uses, to publish what is its to publish and to consume
 * its own queues. The nameless exchange cannot be narrowed down to queues: https://www.rabbitmq.com/docs/access-control#authorisation
 */
export function rabbitmqPermissions(model: Model, vhost = '/'): RabbitmqPermissions {
  const all = brokerAccess(model);
  return {
    permissions: all.map((access) => ({ user: access.service, vhost, ...resourcesOf(access) })),
    topic_permissions: all.flatMap((access) =>
      topicsOf(access).map((topic) => ({ user: access.service, vhost, ...topic })),
    ),
  };
}

function resourcesOf({ topology, publishes }: ServiceAccess) {
  const { exchanges, queues, bindings } = layoutOf(topology);
  const queueNames = queues.map(({ name }) => name);
  const deadLetterExchanges = topology.queues.flatMap(({ deadLetterExchange }) => deadLetterExchange ?? []);
  // Retries and dead letters go by the nameless exchange, which is called so here.
  const nameless = queueNames.length > 0 ? ['amq.default'] : [];
  return {
    configure: anyOf([...exchanges.map(({ name }) => name), ...queueNames]),
    write: anyOf([
      ...publishes.map(({ exchange }) => exchange),
      ...bindings.map(({ destination }) => destination),
      ...deadLetterExchanges,
      ...queueNames,
      ...nameless,
    ]),
    read: anyOf([...bindings.map(({ source }) => source), ...queueNames]),
  };
}

/** On topic exchanges keys can be told apart as well. */
function topicsOf({ topology, publishes }: ServiceAccess) {
  return topology.exchanges
    .filter(({ kind }) => kind === 'topic')
    .map(({ name: exchange }) => ({
      exchange,
      write: keysIn(publishes.filter((one) => one.exchange === exchange).map(({ key }) => key)),
      read: keysIn(
        topology.queues.flatMap(({ bindings }) =>
          bindings.filter((binding) => binding.exchange === exchange).map(({ key }) => key),
        ),
      ),
    }));
}

/** Matches exactly these names; no name at all where there are none. */
function anyOf(names: readonly string[]): string {
  return `^(${[...new Set(names)].sort().map(escaped).join('|')})$`;
}

/** A `*` of a binding is also what a service asks to bind with, so it fits itself. */
function keysIn(patterns: readonly string[]): string {
  const keys = [...new Set(patterns)].sort();
  return `^(${keys.map((key) => escaped(key).replaceAll('\\*', '[^.]+').replaceAll('#', '.*')).join('|')})$`;
}

function escaped(name: string): string {
  return name.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}
