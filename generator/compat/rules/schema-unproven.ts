import { schemaRule } from '../schema/schema-rule.js';

export const schemaUnproven = schemaRule({
  id: 'schema-unproven',
  title: 'Old and new schema are proven to get along, or not to.',
  why: 'What is neither proven nor refuted may break in production.',
  fix: 'Take smaller steps that can be compared, or accept the change with a reason.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'A proof is missing for either side.' },
});
