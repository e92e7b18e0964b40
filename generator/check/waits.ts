import type { Model, Wait } from '../model/types.js';

/** A wait with the consumer that waits, as rules speak of it. */
export interface WaitingConsumer {
  readonly wait: Wait;
  readonly service: string;
  /** `the copy of "Employee" at "surveys"`. */
  readonly what: string;
  readonly subject: string;
  /** The entity or event whose message waits. */
  readonly of: { readonly kind: 'entity' | 'event'; readonly name: string };
}

/** Every wait of every consumer, of entities first. */
export function waitsOf(model: Model): readonly WaitingConsumer[] {
  const copies = [...model.entities.values()].flatMap((entity) =>
    entity.consumers.flatMap((consumer) =>
      consumer.waits.map((wait) => ({
        wait,
        service: consumer.service,
        what: `the copy of "${entity.name}" at "${consumer.service}"`,
        subject: `entity:${entity.name} consumer:${consumer.service}`,
        of: { kind: 'entity' as const, name: entity.name },
      })),
    ),
  );
  const effects = [...model.events.values()].flatMap((event) =>
    event.consumers.flatMap((consumer) =>
      consumer.waits.map((wait) => ({
        wait,
        service: consumer.service,
        what: `"${consumer.service}" on event "${event.name}"`,
        subject: `event:${event.name} consumer:${consumer.service}`,
        of: { kind: 'event' as const, name: event.name },
      })),
    ),
  );
  return [...copies, ...effects];
}
