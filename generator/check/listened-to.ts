import type { Position } from '../diagnostics/position.js';
import type { DeadLetter, Model, Security } from '../model/types.js';

/** An entity, event or command that at least one service listens to. */
export interface ListenedTo {
  readonly kind: 'entity' | 'event' | 'command';
  readonly name: string;
  readonly message: string;
  readonly deadLetter: DeadLetter;
  readonly security?: Security;
  readonly feature: string;
  readonly at: Position;
}

/** Entities with copies, events with consumers, commands; in this order. */
export function listenedTo(model: Model): readonly ListenedTo[] {
  return [
    ...[...model.entities.values()].flatMap((entity) =>
      entity.event === undefined || entity.consumers.length === 0
        ? []
        : [{ ...entity, kind: 'entity' as const, message: entity.event, feature: entity.features[0] ?? '' }],
    ),
    ...[...model.events.values()]
      .filter((event) => event.consumers.length > 0)
      .map((event) => ({ ...event, kind: 'event' as const })),
    ...[...model.commands.values()].map((command) => ({ ...command, kind: 'command' as const })),
  ];
}
