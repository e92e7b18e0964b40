import { schemaRule } from '../schema/schema-rule.js';

export const rangeWidened = schemaRule({
  id: 'range-widened',
  title: 'A number gets no wider bounds than readers are ready for.',
  why: 'A reader that was built with the old limit refuses numbers beyond it.',
  fix: 'Ship the readers that accept more first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'range-narrowed',
});
