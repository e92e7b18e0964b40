import { schemaRule } from '../schema/schema-rule.js';

export const enumOpened = schemaRule({
  id: 'enum-opened',
  title: 'A list of allowed values stays a list.',
  why: 'A reader that was built with the list refuses whatever is not in it.',
  fix: 'Ship readers that accept other values first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'enum-closed',
});
