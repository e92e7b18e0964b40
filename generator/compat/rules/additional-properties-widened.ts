import { schemaRule } from '../schema/schema-rule.js';

export const additionalPropertiesWidened = schemaRule({
  id: 'additional-properties-widened',
  title: 'An object gets no wider further properties than readers are ready for.',
  why: 'A reader that was built with the old limit refuses objects beyond it.',
  fix: 'Ship the readers that accept more first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'additional-properties-narrowed',
});
