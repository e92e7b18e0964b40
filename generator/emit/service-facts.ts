import type {
  Entity,
  EntityConsumer,
  Event,
  EventConsumer,
  HttpEdge,
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

/** All that the contracts ask of one service: what its generated folder is made of. */
export interface ServiceFacts {
  readonly service: Service;
  /** Stem of its types, such as `TextSnippetSurveys`. */
  readonly pascal: string;
  readonly owned: readonly Entity[];
  readonly publishes: readonly Event[];
  readonly copies: readonly { readonly entity: Entity; readonly consumer: EntityConsumer }[];
  readonly effects: readonly EffectFacts[];
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
  const effects = events.flatMap((event) =>
    event.consumers
      .filter((consumer) => consumer.service === service.name && hasPayload(model, event.message))
      .map((consumer) => ({ event, consumer })),
  );
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
    effects: withSlots(effects),
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

/** A slot is named after its event; a second consumer of the same event in one service gets the number two. */
function withSlots(effects: readonly Omit<EffectFacts, 'slot'>[]): readonly EffectFacts[] {
  const taken = new Map<string, number>();
  return effects.map((effect) => {
    const wanted = effect.consumer.handler ?? slotName(effect.event.name);
    const count = (taken.get(wanted) ?? 0) + 1;
    taken.set(wanted, count);
    return { ...effect, slot: count === 1 ? wanted : `${wanted}${count}` };
  });
}

/** `InvoiceCreatedEvent` -> `onInvoiceCreated`; `CandidateEntityEventBusMessage` -> `onCandidateChanged`. */
export function slotName(event: string): string {
  const stem = event
    .replace(/EntityEventBusMessage$/, 'Changed')
    .replace(/(EventBusMessage|BusMessage|Event|Message)$/, '');
  return `on${typeName(stem === '' ? event : stem)}`;
}
