import type { Message, Model } from '../model/types.js';

/** Messages that an entity, event or command sends, each once, by name. Definitions that nobody uses are left in peace. */
export function travellingMessages(model: Model): readonly Message[] {
  const names = new Set([
    ...[...model.entities.values()].flatMap((entity) => entity.event ?? []),
    ...[...model.events.values()].map((event) => event.message),
    ...[...model.commands.values()].flatMap((command) => [
      command.message,
      ...(command.reply === undefined ? [] : [command.reply]),
    ]),
  ]);
  return [...names].sort().flatMap((name) => model.messages.get(name) ?? []);
}
