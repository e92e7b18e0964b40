import type { Position } from '../../diagnostics/position.js';
import type { DeadLetter, Entity, EntityConsumer, Event, EventConsumer, Model } from '../../model/types.js';
import { byText } from './document.js';

/** A service that hears a message: it keeps a copy, or it acts. */
export type Listener =
  | { readonly kind: 'copy'; readonly service: string; readonly entity: Entity; readonly consumer: EntityConsumer }
  | { readonly kind: 'effect'; readonly service: string; readonly event: Event; readonly consumer: EventConsumer };

/** A message that a service tells, with everyone who hears it: an event of the tables, the changes of an entity, or both in one. */
export interface Told {
  readonly name: string;
  readonly message: string;
  readonly publisher: string;
  readonly purpose?: string;
  readonly entity?: Entity;
  readonly event?: Event;
  readonly listeners: readonly Listener[];
  readonly deadLetter: DeadLetter;
  readonly at: Position;
}

/** Everything that is told in a system, by name. An event that carries an entity's changes and the copies of that entity are one row. */
export function everythingTold(model: Model): readonly Told[] {
  const entities = [...model.entities.values()];
  const events = [...model.events.values()];
  const carriers = entities.filter(
    (entity) =>
      entity.event !== undefined &&
      !events.some((event) => event.message === entity.event && event.publisher === entity.owner),
  );
  return [...events.map((event) => fromEvent(event, entities)), ...carriers.map(fromEntity)].sort((a, b) =>
    byText(a.name, b.name),
  );
}

function fromEvent(event: Event, entities: readonly Entity[]): Told {
  const entity = entities.find((item) => item.event === event.message && item.owner === event.publisher);
  const copies = entity === undefined ? [] : copiesOf(entity);
  const effects = event.consumers.map(
    (consumer): Listener => ({ kind: 'effect', service: consumer.service, event, consumer }),
  );
  return {
    name: event.name,
    message: event.message,
    publisher: event.publisher,
    ...(event.purpose === undefined ? {} : { purpose: event.purpose }),
    ...(entity === undefined ? {} : { entity }),
    event,
    listeners: [...copies, ...effects].sort((a, b) => byText(a.service, b.service)),
    deadLetter: event.deadLetter,
    at: event.at,
  };
}

function fromEntity(entity: Entity): Told {
  const name = entity.event ?? '';
  return {
    name,
    message: name,
    publisher: entity.owner,
    purpose: `Copies of ${entity.name} follow its changes.`,
    entity,
    listeners: copiesOf(entity),
    deadLetter: entity.deadLetter,
    at: entity.at,
  };
}

function copiesOf(entity: Entity): readonly Listener[] {
  return entity.consumers.map((consumer) => ({ kind: 'copy', service: consumer.service, entity, consumer }));
}

/** What a listener does with the message, in words. */
export function deedOf(listener: Listener): string {
  if (listener.kind === 'copy') return `keeps ${listener.consumer.as}`;
  return listener.consumer.effect ?? listener.consumer.purpose ?? 'acts on it';
}
