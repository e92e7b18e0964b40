import { schemaRule } from '../schema/schema-rule.js';

export const patternWidened = schemaRule({
  id: 'pattern-widened',
  title: 'A text gets no wider pattern than readers are ready for.',
  why: 'A reader that was built with the old limit refuses texts beyond it.',
  fix: 'Ship the readers that accept more first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'pattern-narrowed',
});
