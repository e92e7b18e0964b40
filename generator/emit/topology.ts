import type { Exchange, Queue, Topology } from '../../runtime/brokers/broker.js';
import type { Model } from '../model/types.js';
import { addressOf, queueOf } from './addresses.js';
import type { ServiceFacts } from './service-facts.js';

/** Exchanges and the queue that one service needs. A service that consumes nothing has no queue. */
export function topologyOf(model: Model, facts: ServiceFacts): Topology {
  const exchanges = new Map<string, Exchange>();
  const bindings = new Map<string, Queue['bindings'][number]>();
  const sent = [
    ...facts.owned.map((entity) => addressOf(model, entity.event ?? '', entity.owner, entity)),
    ...facts.publishes.map((event) => addressOf(model, event.message, event.publisher, undefined, event.channel)),
  ];
  const received = [
    ...facts.copies.map(({ entity }) => addressOf(model, entity.event ?? '', entity.owner, entity)),
    ...facts.effects.map(({ event }) => {
      const entity = event.entity === undefined ? undefined : model.entities.get(event.entity);
      return addressOf(
        model,
        event.message,
        event.publisher,
        entity?.event === event.message ? entity : undefined,
        event.channel,
      );
    }),
  ];
  for (const address of [...sent, ...received]) exchanges.set(address.exchange.name, address.exchange);
  for (const address of received) {
    const key = address.exchange.kind === 'fanout' ? '' : address.binding;
    bindings.set(`${address.exchange.name} ${key}`, { exchange: address.exchange.name, key });
  }
  const { name, deadLetter } = queueOf(model, facts.service.name);
  const queue: Queue = {
    name,
    service: facts.service.name,
    bindings: [...bindings.values()].sort((a, b) => (`${a.exchange} ${a.key}` < `${b.exchange} ${b.key}` ? -1 : 1)),
    deadLetter,
    maxDeliveries: maxDeliveries(facts),
    partitions: 1,
  };
  return {
    exchanges: [...exchanges.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    queues: bindings.size === 0 ? [] : [queue],
  };
}

/** Crashes that may happen beside failed tries: the runtime gives up first, with its reasons; the broker only stops what kills every consumer. */
const headroom = 5;

/** One queue carries messages with different bounds: the broker's is the widest, the runtime keeps each message's own. */
function maxDeliveries(facts: ServiceFacts): number {
  const bounds = [
    ...facts.copies.map(({ entity }) => entity.deadLetter),
    ...facts.effects.map(({ event }) => event.deadLetter),
  ];
  return Math.max(5, ...bounds.map((bound) => bound.maxDeliveries)) + headroom;
}
