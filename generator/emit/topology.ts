import type { Exchange, Queue, Topology } from '../../runtime/brokers/broker.js';
import { controlTopology } from '../../runtime/sync/control.js';
import { channelBindings, sendPriority, timeToLiveMs } from '../model/channel-bindings.js';
import type { Message, Model } from '../model/types.js';
import { addressOf, type MessageAddress, queueOf } from './addresses.js';
import { retrySteps } from './retry-steps.js';
import { type ServiceFacts, servicesToEmit } from './service-facts.js';

/** Exchanges and the queue that one service needs. A service that consumes nothing has no queue. */
export function topologyOf(model: Model, facts: ServiceFacts): Topology {
  const sent = sentBy(model, facts);
  const received = receivedBy(model, facts);
  const exchanges = new Map<string, Exchange>();
  const bindings = new Map<string, Queue['bindings'][number]>();
  for (const { exchange } of [...sent, ...received]) {
    const mayLose = losable(model).has(exchange.name);
    exchanges.set(exchange.name, { ...exchange, ...(mayLose && { atMostOnce: true }) });
  }
  for (const address of received) {
    const key = address.exchange.kind === 'fanout' ? '' : address.binding;
    bindings.set(`${address.exchange.name} ${key}`, { exchange: address.exchange.name, key });
  }
  return {
    exchanges: [...exchanges.values()].sort(byName),
    queues:
      bindings.size === 0
        ? []
        : [
            {
              ...serviceQueue(model, facts),
              bindings: [...bindings.values()].sort((a, b) =>
                `${a.exchange} ${a.key}` < `${b.exchange} ${b.key}` ? -1 : 1,
              ),
            },
          ],
  };
}

/** What all services of a system need together, the runtime's own exchange and queues included. */
export function systemTopology(model: Model): Topology {
  const all = servicesToEmit(model).flatMap((facts) => [
    topologyOf(model, facts),
    ...(facts.owned.length + facts.copies.length > 0 ? [controlTopology(model.system, facts.service.name)] : []),
  ]);
  const exchanges = new Map(all.flatMap((one) => one.exchanges).map((exchange) => [exchange.name, exchange]));
  return {
    exchanges: [...exchanges.values()].sort(byName),
    queues: all.flatMap((one) => one.queues).sort(byName),
  };
}

/** Addresses of what a service tells. */
export function sentBy(model: Model, facts: ServiceFacts): readonly MessageAddress[] {
  return [
    ...facts.owned.map((entity) => addressOf(model, entity.event ?? '', entity.owner, entity)),
    ...facts.publishes.map((event) => addressOf(model, event.message, event.publisher, undefined, event.channel)),
  ];
}

/** Addresses of what a service takes. */
function receivedBy(model: Model, facts: ServiceFacts): readonly MessageAddress[] {
  return [
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
}

/** Messages that reach the queue of a service. */
export function messagesTo(model: Model, facts: ServiceFacts): readonly Message[] {
  const names = [
    ...facts.copies.map(({ entity }) => entity.event ?? ''),
    ...facts.effects.map(({ event }) => event.message),
  ];
  return [...new Set(names)].flatMap((name) => model.messages.get(name) ?? []);
}

/** One queue carries messages of several channels: it has what any of them needs, and gives up none earlier than its own channel says. */
function serviceQueue(model: Model, facts: ServiceFacts): Omit<Queue, 'bindings'> {
  const { retry, ...names } = queueOf(model, facts.service.name);
  const messages = messagesTo(model, facts);
  const asked = messages.flatMap((message) => message.channels).map(channelBindings);
  const priorityMax = Math.max(
    0,
    ...asked.map((binding) => binding.priorityMax ?? 0),
    ...messages.map((message) => sendPriority(message) ?? 0),
  );
  const ttls = messages.map(timeToLiveMs);
  const messageTtlMs = ttls.every((ttl) => ttl !== undefined) && ttls.length > 0 ? Math.max(...ttls) : undefined;
  // Quorum queues know no priorities.
  const isClassic = priorityMax > 0 || asked.some((binding) => binding.queueType === 'classic');
  return {
    ...names,
    service: facts.service.name,
    maxDeliveries: maxDeliveries(facts),
    partitions: Math.max(1, ...asked.map((binding) => binding.partitions ?? 1)),
    retries: retrySteps(tryingOf(facts)).map((delayMs) => ({ name: retry(delayMs), delayMs })),
    ...(isClassic && { type: 'classic' }),
    ...(priorityMax > 0 && { priorityMax }),
    ...(messageTtlMs !== undefined && { messageTtlMs }),
  };
}

/** Exchanges of which every message may be lost. */
function losable(model: Model): ReadonlySet<string> {
  const known = losableOf.get(model);
  if (known !== undefined) return known;
  const carriers = new Map<string, boolean>();
  const add = (exchange: string, mayLose: boolean): void => {
    carriers.set(exchange, (carriers.get(exchange) ?? true) && mayLose);
  };
  const told = new Map([...model.events.values()].map((event) => [event.message, event.delivery]));
  for (const entity of model.entities.values()) {
    if (entity.event === undefined) continue;
    const { exchange } = addressOf(model, entity.event, entity.owner, entity);
    add(exchange.name, told.get(entity.event) === 'at-most-once');
  }
  for (const event of model.events.values()) {
    const { exchange } = addressOf(model, event.message, event.publisher, undefined, event.channel);
    add(exchange.name, event.delivery === 'at-most-once');
  }
  const found = new Set([...carriers].flatMap(([name, mayLose]) => (mayLose ? [name] : [])));
  losableOf.set(model, found);
  return found;
}

/** A model never changes, and every service of it asks. */
const losableOf = new WeakMap<Model, ReadonlySet<string>>();

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

function tryingOf(facts: ServiceFacts): Parameters<typeof retrySteps>[0] {
  const bound = ({ given, maxDeliveries: deliveriesMax }: { given: boolean; maxDeliveries: number }) =>
    given ? { deliveriesMax } : {};
  return [
    ...facts.copies.map(({ entity }) => bound(entity.deadLetter)),
    ...facts.effects.map(({ event, consumer }) => ({
      ...bound(event.deadLetter),
      ...(consumer.retry !== undefined && { retry: consumer.retry }),
    })),
  ];
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
