import { sagaParts } from '../../model/sagas/parts.js';
import type { Rule } from '../rule.js';

/** Events that a saga publishes while the contract names another publisher. */
export const sagaNotPublisher: Rule = {
  id: 'saga-not-publisher',
  severity: 'error',
  title: 'A saga publishes events of the service that runs it.',
  why: 'Two services would publish one event: nobody could say any more whose fact it is, and the service that runs the saga has no code to publish it.',
  fix: 'Let the step send a command to the publisher, or make this service the publisher.',
  requirements: ['DH-40', 'SE-17'],
  *check(model) {
    for (const part of sagaParts(model)) {
      for (const name of part.publishes) {
        const event = model.events.get(name);
        if (event === undefined || event.publisher === '' || event.publisher === part.service) continue;
        const owner = [...model.entities.values()].find((entity) => entity.event === event.message)?.owner;
        if (owner === part.service) continue;
        yield {
          at: part.saga.at,
          message: `saga "${part.saga.name}" publishes "${name}" from "${part.service}"; its publisher is "${event.publisher}".`,
          subject: `saga:${part.saga.name} event:${name}`,
          related: [{ at: event.at, message: 'the event' }],
          fix: `write publisher: ${part.service} at the event, or send a command to "${event.publisher}" instead.`,
        };
      }
    }
  },
};
