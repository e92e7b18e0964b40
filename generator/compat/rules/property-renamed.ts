import { schemaRule } from '../schema/schema-rule.js';

export const propertyRenamed = schemaRule({
  id: 'property-renamed',
  title: 'A property keeps its name.',
  why: 'A new name is a new property to everybody: those who read the old one find nothing, those who send it are not heard.',
  fix: 'Send both names until nobody reads the old one, then take it out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'A new name is one in both directions.' },
});
