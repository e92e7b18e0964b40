import type { Position } from '../../diagnostics/position.js';
import type { Model } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** Looks at the messages of entities, events and commands. In a workspace without any AsyncAPI message it only warns, so that a table alone can start one. */
export const messageUndeclared: Rule = {
  id: 'message-undeclared',
  severity: 'error',
  title: 'Every message that travels is defined in an AsyncAPI document.',
  why: 'Without a payload there is no type, no validator and nothing to compare when it changes; a misspelt name binds a queue that never gets a message.',
  fix: 'Define the message under `components.messages`, or correct the name.',
  requirements: ['EP-09', 'DH-22'],
  *check(model) {
    for (const use of usesOf(model)) {
      if (model.messages.has(use.message)) continue;
      yield {
        at: use.at,
        message: `message "${use.message}" of ${use.what} is defined in no AsyncAPI document.`,
        subject: `${use.subject} message:${use.message}`,
        fix: meant(
          use.message,
          model.messages.keys(),
          `define it: components: { messages: { ${use.message}: { payload: … } } } in the AsyncAPI document of the feature`,
        ),
        ...(model.messages.size === 0 ? { severity: 'warning' as const } : {}),
      };
    }
  },
};

function* usesOf(model: Model): Iterable<{ message: string; what: string; subject: string; at: Position }> {
  for (const entity of model.entities.values()) {
    if (entity.event === undefined) continue;
    yield { message: entity.event, what: `entity "${entity.name}"`, subject: `entity:${entity.name}`, at: entity.at };
  }
  for (const event of model.events.values()) {
    yield { message: event.message, what: `event "${event.name}"`, subject: `event:${event.name}`, at: event.at };
  }
  for (const command of model.commands.values()) {
    const subject = `command:${command.name}`;
    yield { message: command.message, what: `command "${command.name}"`, subject, at: command.at };
    if (command.reply !== undefined) {
      yield { message: command.reply, what: `the reply to command "${command.name}"`, subject, at: command.at };
    }
  }
}
