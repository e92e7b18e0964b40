import { type SagaPart, sagaParts } from '../model/sagas/parts.js';
import type {
  Command,
  Entity,
  EntityConsumer,
  Event,
  EventConsumer,
  HttpEdge,
  Job,
  Model,
  Operation,
  Service,
} from '../model/types.js';
import { typeName } from './names.js';

/** A consumer that runs a handler of the user's. */
export interface EffectFacts {
  readonly event: Event;
  readonly consumer: EventConsumer;
  /** Property of `handlers`, such as `onInvoiceCreated`. */
  readonly slot: string;
}

/** A command that a service carries out, and the slot of the handler that does. */
export interface CommandFacts {
  readonly command: Command;
  /** Property of `handlers`, such as `onSendInvoiceEmail`. */
  readonly slot: string;
}

/** An answer that a handler of the user's takes. */
export interface AnswerFacts {
  readonly message: string;
  /** Commands that it answers; at least one. */
  readonly commands: readonly Command[];
  readonly slot: string;
}

/** All that the contracts ask of one service: what its generated folder is made of. */
export interface ServiceFacts {
  readonly service: Service;
  /** Stem of its types, such as `TextSnippetSurveys`. */
  readonly pascal: string;
  readonly owned: readonly Entity[];
  readonly publishes: readonly Event[];
  readonly copies: readonly { readonly entity: Entity; readonly consumer: EntityConsumer }[];
  readonly effects: readonly EffectFacts[];
  readonly sends: readonly Command[];
  /** Commands that handlers carry out; one that starts a saga is the saga's. */
  readonly carriesOut: readonly CommandFacts[];
  /** Answers to commands that it sends, except those that its sagas wait for. */
  readonly answers: readonly AnswerFacts[];
  readonly jobs: readonly Job[];
  readonly sagas: readonly SagaPart[];
  readonly calls: readonly HttpEdge[];
  readonly provides: readonly Operation[];
}

/** Services that get code: those that take part in something and are ours to run. */
export function servicesToEmit(model: Model): readonly ServiceFacts[] {
  return [...model.services.values()]
    .filter((service) => service.role !== 'external' && service.role !== 'shared')
    .map((service) => factsOf(model, service))
    .filter(
      (facts) =>
        facts.owned.length +
          facts.publishes.length +
          facts.copies.length +
          facts.effects.length +
          facts.sends.length +
          facts.carriesOut.length +
          facts.jobs.length +
          facts.sagas.length +
          facts.calls.length +
          facts.provides.length >
        0,
    );
}

export function factsOf(model: Model, service: Service): ServiceFacts {
  const entities = [...model.entities.values()];
  const events = [...model.events.values()].filter((event) => model.messages.has(event.message));
  const owned = entities.filter((entity) => entity.owner === service.name && hasPayload(model, entity.event));
  const told = new Set(owned.map((entity) => entity.event));
  const sagas = sagaParts(model).filter((part) => part.service === service.name);
  const taken = new Set(sagas.flatMap((part) => part.takes.map(({ message }) => message)));
  const effects = events.flatMap((event) =>
    event.consumers
      .filter((consumer) => consumer.service === service.name && hasPayload(model, event.message))
      // What a saga waits for needs no handler beside it, unless the contract names one.
      .filter((consumer) => consumer.handler !== undefined || !taken.has(event.message))
      .map((consumer) => ({ event, consumer })),
  );
  const commands = [...model.commands.values()].filter((command) => hasPayload(model, command.message));
  const sends = commands.filter((command) => command.senders.includes(service.name));
  return {
    service,
    pascal: typeName(service.name),
    owned,
    publishes: events.filter(
      (event) => event.publisher === service.name && !told.has(event.message) && hasPayload(model, event.message),
    ),
    copies: entities.flatMap((entity) =>
      hasPayload(model, entity.event)
        ? entity.consumers
            .filter((consumer) => consumer.service === service.name)
            .map((consumer) => ({ entity, consumer }))
        : [],
    ),
    ...slots(
      effects,
      commands
        .filter((command) => command.receivers.some((receiver) => receiver.service === service.name))
        .filter((command) => !taken.has(command.message)),
      sends.filter((command) => hasPayload(model, command.reply) && !taken.has(command.reply ?? '')),
    ),
    sends,
    jobs: [...model.jobs.values()].filter((job) => job.service === service.name),
    sagas,
    calls: model.http.filter(
      (edge) =>
        edge.from === service.name &&
        edge.operations.some((operation) => model.operations.has(`${edge.to}.${operation.id}`)),
    ),
    provides: [...model.operations.values()].filter((operation) => operation.service === service.name),
  };
}

function hasPayload(model: Model, message: string | undefined): boolean {
  return message !== undefined && model.messages.get(message)?.definition.payload !== undefined;
}

/** A slot is named after its message; a second one of the same name in one service gets the number two. */
function slots(
  effects: readonly Omit<EffectFacts, 'slot'>[],
  commands: readonly Command[],
  asked: readonly Command[],
): Pick<ServiceFacts, 'effects' | 'carriesOut' | 'answers'> {
  const taken = new Map<string, number>();
  const slot = (wanted: string): string => {
    const count = (taken.get(wanted) ?? 0) + 1;
    taken.set(wanted, count);
    return count === 1 ? wanted : `${wanted}${count}`;
  };
  const replies = [...new Set(asked.flatMap(({ reply }) => reply ?? []))];
  return {
    effects: effects.map((effect) => ({
      ...effect,
      slot: slot(effect.consumer.handler ?? slotName(effect.event.name)),
    })),
    carriesOut: commands.map((command) => ({ command, slot: slot(slotName(command.name)) })),
    answers: replies.map((message) => ({
      message,
      commands: asked.filter(({ reply }) => reply === message),
      slot: slot(slotName(message)),
    })),
  };
}

/** `InvoiceCreatedEvent` -> `onInvoiceCreated`; `CandidateEntityEventBusMessage` -> `onCandidateChanged`. */
export function slotName(event: string): string {
  const stem = event
    .replace(/EntityEventBusMessage$/, 'Changed')
    .replace(/(EventBusMessage|BusMessage|Event|Message|Command)$/, '');
  return `on${typeName(stem === '' ? event : stem)}`;
}
