import type { Position } from '../../diagnostics/position.js';
import type { Model } from '../../model/types.js';
import type { Rule } from '../rule.js';

/** `calls` of consumers: operations that a handler calls while it holds the message. */
export const syncInEventHandler: Rule = {
  id: 'sync-in-event-handler',
  severity: 'warning',
  title: 'A handler finishes without calling another service.',
  why: 'While the call waits, the message and its transaction are held: one slow provider stops the whole queue, and a redelivery repeats the call.',
  fix: 'Carry the fact in the event, keep a copy of the entity, or send a command.',
  requirements: ['DH-66', 'EP-74'],
  *check(model) {
    for (const { what, subject, operationId, at } of callsOf(model)) {
      yield {
        at,
        message: `${what} calls "${operationId}" while it handles the message.`,
        subject: `${subject} operation:${operationId}`,
        fix: `carry what "${operationId}" returns in the message, keep a copy of the entity, or send a command.`,
      };
    }
  },
};

function* callsOf(model: Model): Iterable<{ what: string; subject: string; operationId: string; at: Position }> {
  for (const entity of model.entities.values()) {
    for (const consumer of entity.consumers) {
      const subject = `entity:${entity.name} consumer:${consumer.service}`;
      const what = `the copy of "${entity.name}" at "${consumer.service}"`;
      for (const call of consumer.calls) yield { what, subject, ...call };
    }
  }
  for (const event of model.events.values()) {
    for (const consumer of event.consumers) {
      const subject = `event:${event.name} consumer:${consumer.service}`;
      const what = `"${consumer.service}" on event "${event.name}"`;
      for (const call of consumer.calls) yield { what, subject, ...call };
    }
  }
}
