import type { Position } from '../../diagnostics/position.js';
import type { Model } from '../../model/types.js';
import { byText } from './document.js';

/** How one service reaches another. `http` waits for the answer, the others do not; `sync` keeps a copy of an entity up to date. */
export type ConnectionStyle = 'http' | 'event' | 'command' | 'sync';

/** One line of the contracts between two services, with the words that explain why it is there. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  readonly style: ConnectionStyle;
  /** Operations, message or entity. */
  readonly subjects: readonly string[];
  readonly purpose?: string;
  /** What the contract chose: consistency, delivery, conflict resolution. */
  readonly reason: string;
  readonly feature: string;
  readonly at: Position;
}

/** Every connection of a system, sorted by sender, receiver, style and subject. Lines with an unknown end are left to the rules. */
export function connectionsOf(model: Model): readonly Connection[] {
  const all = [...calls(model), ...events(model), ...commands(model), ...copies(model)];
  return all.filter((item) => item.from !== '' && item.to !== '').sort((a, b) => byText(sortKey(a), sortKey(b)));
}

function calls(model: Model): readonly Connection[] {
  return model.http.map((edge) => ({
    from: edge.from,
    to: edge.to,
    style: 'http',
    subjects: edge.operations.map((operation) => operation.id),
    ...(edge.purpose === undefined ? {} : { purpose: edge.purpose }),
    reason: `${edge.consistency}, ${edge.criticality}`,
    feature: edge.feature,
    at: edge.at,
  }));
}

function events(model: Model): readonly Connection[] {
  return [...model.events.values()].flatMap((event) =>
    event.consumers.map((consumer): Connection => {
      const purpose = consumer.effect ?? consumer.purpose ?? event.purpose;
      return {
        from: event.publisher,
        to: consumer.service,
        style: 'event',
        subjects: [event.name],
        ...(purpose === undefined ? {} : { purpose }),
        reason: `eventual, ${event.delivery}`,
        feature: consumer.feature,
        at: consumer.at,
      };
    }),
  );
}

function commands(model: Model): readonly Connection[] {
  return [...model.commands.values()].flatMap((command) =>
    command.senders.flatMap((sender) =>
      command.receivers.map(
        (receiver): Connection => ({
          from: sender,
          to: receiver.service,
          style: 'command',
          subjects: [command.name],
          ...(command.purpose === undefined ? {} : { purpose: command.purpose }),
          reason: command.reply === undefined ? 'eventual, at-least-once' : `eventual, answered by ${command.reply}`,
          feature: command.feature,
          at: receiver.at,
        }),
      ),
    ),
  );
}

function copies(model: Model): readonly Connection[] {
  return [...model.entities.values()].flatMap((entity) =>
    entity.consumers.map(
      (consumer): Connection => ({
        from: entity.owner,
        to: consumer.service,
        style: 'sync',
        subjects: [entity.name],
        purpose: consumer.as === entity.name ? 'keeps a copy' : `keeps a copy as ${consumer.as}`,
        reason: `eventual, ${entity.conflict}`,
        feature: consumer.feature,
        at: consumer.at,
      }),
    ),
  );
}

function sortKey(item: Connection): string {
  return [item.from, item.to, item.style, ...item.subjects].join('\u0000');
}
