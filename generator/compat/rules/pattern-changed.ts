import { schemaRule } from '../schema/schema-rule.js';

export const patternChanged = schemaRule({
  id: 'pattern-changed',
  title: 'A text keeps its pattern.',
  why: 'Some texts of the old form are refused now, and some of the new form by those who know the old one: no order of shipping helps.',
  fix: 'Allow both forms first, move everybody, then take the old one out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'It breaks both directions.' },
});
