import { schemaRule } from '../schema/schema-rule.js';

export const itemsWidened = schemaRule({
  id: 'items-widened',
  title: 'A list gets no wider items than readers are ready for.',
  why: 'A reader that was built with the old limit refuses lists beyond it.',
  fix: 'Ship the readers that accept more first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'items-narrowed',
});
