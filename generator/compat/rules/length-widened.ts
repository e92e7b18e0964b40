import { schemaRule } from '../schema/schema-rule.js';

export const lengthWidened = schemaRule({
  id: 'length-widened',
  title: 'A text gets no wider lengths than readers are ready for.',
  why: 'A reader that was built with the old limit refuses texts of a length beyond it.',
  fix: 'Ship the readers that accept more first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'length-narrowed',
});
