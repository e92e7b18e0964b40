import { schemaRule } from '../schema/schema-rule.js';

export const typeWidened = schemaRule({
  id: 'type-widened',
  title: 'A value gets no type that readers do not know.',
  why: 'A reader of the old form refuses the new type.',
  fix: 'Ship the readers that know both types first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'type-narrowed',
});
