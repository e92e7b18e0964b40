import { schemaRule } from '../schema/schema-rule.js';

export const nullableRemoved = schemaRule({
  id: 'nullable-removed',
  title: 'Null stays allowed as long as anybody sends it.',
  why: 'Whoever sends null today is refused, and stored messages with it can no longer be read.',
  fix: 'Keep accepting null until no sender sends it and no stored message holds it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'nullable-added',
});
