import { schemaRule } from '../schema/schema-rule.js';

export const propertyAdded = schemaRule({
  id: 'property-added',
  title: 'A new property is optional, and finds readers that let it pass.',
  why: 'A reader that allows no further properties refuses every message or body with the new one.',
  fix: 'Let readers accept it first, or leave additionalProperties open.',
  requirements: ['TD-44', 'TD-82'],
  mirror: 'property-removed',
});
