import type { Topology } from '../../../runtime/brokers/broker.js';
import type { Model } from '../../model/types.js';
import { addressOf } from '../addresses.js';

/** Exchanges and queues whose messages must stay in order. */
export interface Ordered {
  readonly exchanges: ReadonlySet<string>;
  readonly queues: ReadonlySet<string>;
}

/**
 * Where an event asks for an order of its own (`ordering.key`), everything that it meets on the way is ordered as well: cloud queues keep an order only when the topic
 * before them does. State of entities needs none, its consumers tell old from new by themselves.
 */
export function orderedParts(model: Model, topology: Topology): Ordered {
  const exchanges = new Set<string>();
  for (const event of model.events.values()) {
    if (event.ordering?.key === undefined || event.entity !== undefined) continue;
    exchanges.add(addressOf(model, event.message, event.publisher, undefined, event.channel).exchange.name);
  }
  const queues = new Set(topology.queues.filter(({ partitions }) => partitions > 1).map(({ name }) => name));
  for (let size = -1; size !== exchanges.size + queues.size; ) {
    size = exchanges.size + queues.size;
    for (const { name, bindings } of topology.queues) {
      if (queues.has(name)) for (const { exchange } of bindings) exchanges.add(exchange);
      else if (bindings.some(({ exchange }) => exchanges.has(exchange))) queues.add(name);
    }
  }
  return { exchanges, queues };
}
