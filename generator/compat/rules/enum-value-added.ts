import { schemaRule } from '../schema/schema-rule.js';

export const enumValueAdded = schemaRule({
  id: 'enum-value-added',
  title: 'A list of allowed values gets another one only when every reader is ready for it.',
  why: 'A reader that was built with the old list refuses the new value.',
  fix: 'Ship the readers first, or say x-extensible-enum so that they expect more.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'enum-value-removed',
});
