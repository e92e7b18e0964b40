import { schemaRule } from '../schema/schema-rule.js';

export const enumClosed = schemaRule({
  id: 'enum-closed',
  title: 'A free value does not become one of a list.',
  why: 'Whoever sends a value outside of the list is refused.',
  fix: 'Accept every value as before, and list those that are known in the description or in x-extensible-enum.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'enum-opened',
});
