import { schemaRule } from '../schema/schema-rule.js';

export const alternativeRemoved = schemaRule({
  id: 'alternative-removed',
  title: 'An alternative that may be sent today stays allowed.',
  why: 'Whoever sends it is refused, and stored messages of that form can no longer be read.',
  fix: 'Keep accepting it until nobody sends it and no stored message holds it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'alternative-added',
});
