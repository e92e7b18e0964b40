import type { Exchange, Queue, Topology } from '../../runtime/brokers/broker.js';
import { controlTopology } from '../../runtime/sync/control.js';
import { channelBindings, sendPriority, timeToLiveMs } from '../model/channel-bindings.js';
import type { SagaTaken } from '../model/sagas/parts.js';
import type { Command, DeadLetter, Event, Message, Model, Retry } from '../model/types.js';
import {
  addressOf,
  answerAddress,
  commandAddress,
  commandQueueOf,
  type MessageAddress,
  type QueueNames,
  queueOf,
} from './addresses.js';
import { retrySteps, type Trying } from './retry-steps.js';
import { type ServiceFacts, servicesToEmit } from './service-facts.js';

/** Exchanges and queues that one service needs: one for events, one for commands. A service that takes nothing has none. */
export function topologyOf(model: Model, facts: ServiceFacts): Topology {
  const events = eventsTo(model, facts);
  const commands = commandsTo(model, facts);
  const exchanges = new Map<string, Exchange>();
  for (const { exchange } of [...sentBy(model, facts), ...events, ...commands]) {
    const mayLose = losable(model).has(exchange.name);
    exchanges.set(exchange.name, { ...exchange, ...(mayLose && { atMostOnce: true }) });
  }
  return {
    exchanges: [...exchanges.values()].sort(byName),
    queues: [
      ...(events.length === 0 ? [] : [queueFor(model, facts, eventIntake(model, facts), events)]),
      ...(commands.length === 0 ? [] : [queueFor(model, facts, commandIntake(model, facts), commands)]),
    ],
  };
}

function queueFor(model: Model, facts: ServiceFacts, intake: Intake, addresses: readonly MessageAddress[]): Queue {
  const bindings = new Map<string, Queue['bindings'][number]>();
  for (const address of addresses) {
    const key = address.exchange.kind === 'fanout' ? '' : address.binding;
    bindings.set(`${address.exchange.name} ${key}`, { exchange: address.exchange.name, key });
  }
  return {
    ...queueWithout(facts, intake),
    bindings: [...bindings.values()].sort((a, b) => (`${a.exchange} ${a.key}` < `${b.exchange} ${b.key}` ? -1 : 1)),
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
  const answered = facts.carriesOut.filter(({ command }) => command.reply !== undefined);
  return [
    ...facts.owned.map((entity) => addressOf(model, entity.event ?? '', entity.owner, entity)),
    ...facts.publishes.map((event) => addressOf(model, event.message, event.publisher, undefined, event.channel)),
    ...facts.sends.map((command) => commandAddress(model, command)),
    ...[...new Set(answered.flatMap(({ command }) => command.senders))].map((sender) => answerAddress(model, sender)),
  ];
}

/** Addresses of the events that a service takes. */
function eventsTo(model: Model, facts: ServiceFacts): readonly MessageAddress[] {
  const events = [...facts.effects.map(({ event }) => event), ...sagaEvents(facts)];
  return [
    ...facts.copies.map(({ entity }) => addressOf(model, entity.event ?? '', entity.owner, entity)),
    ...events.map((event) => {
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

/** Addresses of the commands that a service carries out, and of the answers to its own. */
function commandsTo(model: Model, facts: ServiceFacts): readonly MessageAddress[] {
  const asks = facts.answers.length > 0 || takenBy(facts).some(({ answers }) => answers.length > 0);
  return [
    ...commandsOf(facts).map((command) => commandAddress(model, command)),
    ...(asks ? [answerAddress(model, facts.service.name)] : []),
  ];
}

function takenBy(facts: ServiceFacts): readonly SagaTaken[] {
  return facts.sagas.flatMap(({ takes }) => takes);
}

function sagaEvents(facts: ServiceFacts): readonly Event[] {
  return takenBy(facts).flatMap(({ event }) => event ?? []);
}

/** Those that handlers carry out, and those that start sagas. */
function commandsOf(facts: ServiceFacts): readonly Command[] {
  return [...facts.carriesOut.map(({ command }) => command), ...takenBy(facts).flatMap(({ command }) => command ?? [])];
}

/** What comes to one queue. */
interface Intake {
  readonly names: QueueNames;
  readonly messages: readonly Message[];
  readonly bounds: readonly DeadLetter[];
  readonly tries: readonly Trying[];
}

function eventIntake(model: Model, facts: ServiceFacts): Intake {
  const told = sagaEvents(facts);
  const names = [
    ...facts.copies.map(({ entity }) => entity.event ?? ''),
    ...[...facts.effects.map(({ event }) => event), ...told].map((event) => event.message),
  ];
  const owners = [...facts.copies.map(({ entity }) => entity), ...told];
  return {
    names: queueOf(model, facts.service.name),
    messages: messagesCalled(model, names),
    bounds: [...owners, ...facts.effects.map(({ event }) => event)].map(({ deadLetter }) => deadLetter),
    tries: [
      ...owners.map(({ deadLetter }) => tryingOf(deadLetter)),
      ...facts.effects.map(({ event, consumer }) => tryingOf(event.deadLetter, consumer.retry)),
    ],
  };
}

function commandIntake(model: Model, facts: ServiceFacts): Intake {
  const commands = commandsOf(facts);
  const asked = [
    ...facts.answers.flatMap(({ commands: each }) => each),
    ...takenBy(facts).flatMap(({ answers }) => answers),
  ];
  const names = [...commands.map(({ message }) => message), ...asked.flatMap(({ reply }) => reply ?? [])];
  const bounds = [...commands, ...asked].map(({ deadLetter }) => deadLetter);
  return {
    names: commandQueueOf(model, facts.service.name),
    messages: messagesCalled(model, names),
    bounds,
    tries: bounds.map((bound) => tryingOf(bound)),
  };
}

function messagesCalled(model: Model, names: readonly string[]): readonly Message[] {
  return [...new Set(names)].flatMap((name) => model.messages.get(name) ?? []);
}

/** One queue carries messages of several channels: it has what any of them needs, and gives up none earlier than its own channel says. */
function queueWithout(facts: ServiceFacts, { names, messages, bounds, tries }: Intake): Omit<Queue, 'bindings'> {
  const { retry, ...named } = names;
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
    ...named,
    service: facts.service.name,
    maxDeliveries: maxDeliveries(bounds),
    partitions: Math.max(1, ...asked.map((binding) => binding.partitions ?? 1)),
    retries: retrySteps(tries).map((delayMs) => ({ name: retry(delayMs), delayMs })),
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
  for (const command of model.commands.values()) add(commandAddress(model, command).exchange.name, false);
  const found = new Set([...carriers].flatMap(([name, mayLose]) => (mayLose ? [name] : [])));
  losableOf.set(model, found);
  return found;
}

/** A model never changes, and every service of it asks. */
const losableOf = new WeakMap<Model, ReadonlySet<string>>();

/** Crashes that may happen beside failed tries: the runtime gives up first, with its reasons; the broker only stops what kills every consumer. */
const headroom = 5;

/** One queue carries messages with different bounds: the broker's is the widest, the runtime keeps each message's own. */
function maxDeliveries(bounds: readonly DeadLetter[]): number {
  return Math.max(5, ...bounds.map((bound) => bound.maxDeliveries)) + headroom;
}

function tryingOf({ given, maxDeliveries: deliveriesMax }: DeadLetter, retry?: Retry): Trying {
  return { ...(given && { deliveriesMax }), ...(retry !== undefined && { retry }) };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
