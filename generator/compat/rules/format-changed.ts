import { schemaRule } from '../schema/schema-rule.js';

export const formatChanged = schemaRule({
  id: 'format-changed',
  title: 'A text keeps its format.',
  why: 'Texts of the old format are refused now, and those of the new one by whoever knows the old; where no validator knows the name, they are only misunderstood.',
  fix: 'Add a property for the other format, move everybody, then take the old one out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'It breaks both directions.' },
});
