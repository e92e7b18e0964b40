import type { Rule } from '../rule.js';
import { counted } from '../wording.js';

/** Entities with copies and no `full_sync`. */
export const entityWithoutFullSync: Rule = {
  id: 'entity-without-full-sync',
  severity: 'info',
  title: 'An entity that others copy can be read as a whole.',
  why: 'A consumer that starts later, or has lost its store, cannot be filled: only rows that happen to change will ever reach it.',
  fix: 'Name the operation that lists the entity in `full_sync`.',
  requirements: ['EP-46', 'EP-47'],
  *check(model) {
    for (const entity of model.entities.values()) {
      if (entity.event === undefined || entity.consumers.length === 0 || entity.fullSync?.operationId !== undefined)
        continue;
      yield {
        at: entity.at,
        message: `entity "${entity.name}" has copies at ${counted(entity.consumers.length, 'service')} and no full sync.`,
        subject: `entity:${entity.name}`,
        fix: `write full_sync: { operationId: <operation of ${entity.owner} that pages through all> }.`,
      };
    }
  },
};
