import { schemaRule } from '../schema/schema-rule.js';

export const schemaIncompatible = schemaRule({
  id: 'schema-incompatible',
  title: 'What one side sends, the other accepts.',
  why: 'Old and new schema do not agree on a value, in a way that has no simpler name.',
  fix: 'Look at the counterexample, and allow it on the side that refuses it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'It names whichever side refuses.' },
});
