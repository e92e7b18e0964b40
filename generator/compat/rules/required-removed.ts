import { schemaRule } from '../schema/schema-rule.js';

export const requiredRemoved = schemaRule({
  id: 'required-removed',
  title: 'What readers count on stays required.',
  why: 'A reader that was built on it refuses what comes without it.',
  fix: 'Ship the readers that do without it first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'required-added',
});
