import { schemaRule } from '../schema/schema-rule.js';

export const typeChanged = schemaRule({
  id: 'type-changed',
  title: 'A value keeps its type.',
  why: 'Old and new values have nothing in common: neither side understands the other, in no order of shipping.',
  fix: 'Add a property with the new type beside the old one, move everybody, then take the old one out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Another type breaks both directions.' },
});
