import type { BrokerAdmin, Queue, Topology, TopologyDifference } from '../broker.js';
import type { MemoryServer } from './server.js';

/** What operators ask of a memory broker. `up` throws while the connection is away. */
export function memoryAdmin(server: MemoryServer, up: () => void): BrokerAdmin {
  return {
    async depth({ name }) {
      up();
      const queue = server.find(name);
      if (queue === undefined) return null;
      const dead = queue.shape.deadLetters?.depth();
      return { ...queue.depth(), dead: (dead?.ready ?? 0) + (dead?.inFlight ?? 0), consumers: queue.consumerCount };
    },
    async peek({ name }, { limit }) {
      up();
      return server.queue(name).messages().slice(0, limit);
    },
    async deadLetters({ name }, { limit }) {
      up();
      return (server.queue(name).shape.deadLetters?.messages() ?? []).slice(0, limit);
    },
    async sweepDeadLetters({ name }, decide) {
      up();
      const dead = server.queue(name).shape.deadLetters;
      for (const message of dead?.messages() ?? []) {
        if ((await decide(message)) === 'remove') dead?.discard(message);
      }
    },
    async diff(topology) {
      up();
      return [
        ...exchangeDifferences(server, topology),
        ...topology.queues.flatMap((queue) => missingOf(server, queue)),
      ];
    },
  };
}

const remedy = 'start the service: it declares what it needs';

function exchangeDifferences(server: MemoryServer, topology: Topology): readonly TopologyDifference[] {
  return topology.exchanges.flatMap(({ name, kind }): readonly TopologyDifference[] => {
    const known = server.exchangeKind(name);
    const about = { resource: 'exchange', name, command: remedy };
    if (known === undefined) return [{ ...about, kind: 'missing', detail: `there is no exchange "${name}"` }];
    const detail = `exchange "${name}" is ${known}, the contracts say ${kind}`;
    return known === kind ? [] : [{ ...about, kind: 'different', detail }];
  });
}

function missingOf(server: MemoryServer, { name, bindings }: Queue): readonly TopologyDifference[] {
  const queue = server.find(name);
  if (queue === undefined) {
    return [{ kind: 'missing', resource: 'queue', name, detail: `there is no queue "${name}"`, command: remedy }];
  }
  return bindings
    .filter(({ exchange, key }) => !server.isBound(queue, exchange, key))
    .map(({ exchange, key }) => ({
      kind: 'missing',
      resource: 'binding',
      name: `${exchange} -> ${name}`,
      detail: `queue "${name}" is not bound to exchange "${exchange}" with the key "${key}"`,
      command: remedy,
    }));
}
