import type { Entity } from '../../model/types.js';
import type { Rule } from '../rule.js';

/** Two entities whose changes travel in one message. */
export const entityEventShared: Rule = {
  id: 'entity-event-shared',
  severity: 'error',
  title: 'Each entity has a message of its own.',
  why: 'A consumer finds the entity by the message. With two entities in one message it would write the rows of one into the table of the other.',
  fix: 'Define one message per entity.',
  requirements: ['EP-28'],
  *check(model) {
    const first = new Map<string, Entity>();
    for (const entity of model.entities.values()) {
      if (entity.event === undefined) continue;
      const other = first.get(entity.event);
      if (other === undefined) first.set(entity.event, entity);
      else {
        yield {
          at: entity.at,
          message: `entities "${other.name}" and "${entity.name}" share message "${entity.event}".`,
          subject: `message:${entity.event}`,
          related: [{ at: other.at, message: `entity "${other.name}"` }],
          fix: `define a message for "${entity.name}" and write event: <its name>.`,
        };
      }
    }
  },
};
