import { schemaRule } from '../schema/schema-rule.js';

export const enumValueRemoved = schemaRule({
  id: 'enum-value-removed',
  title: 'A value that may be sent today stays allowed.',
  why: 'Whoever sends it is refused, and stored messages with it can no longer be read.',
  fix: 'Keep accepting the value until nobody sends it and no stored message holds it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'enum-value-added',
});
