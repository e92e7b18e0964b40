import { schemaRule } from '../schema/schema-rule.js';

export const nullableAdded = schemaRule({
  id: 'nullable-added',
  title: 'A value that was never null stays so until every reader can do without it.',
  why: 'A reader of the old form refuses null, or fails where it uses the value.',
  fix: 'Ship the readers that accept null first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'nullable-removed',
});
