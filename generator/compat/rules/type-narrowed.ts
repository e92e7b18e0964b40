import { schemaRule } from '../schema/schema-rule.js';

export const typeNarrowed = schemaRule({
  id: 'type-narrowed',
  title: 'A value may be of every type it was before.',
  why: 'Whoever sends one of the types that went is refused.',
  fix: 'Keep accepting the old type beside the new one.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'type-widened',
});
