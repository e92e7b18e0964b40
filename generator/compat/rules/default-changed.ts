import { schemaRule } from '../schema/schema-rule.js';

export const defaultChanged = schemaRule({
  id: 'default-changed',
  title: 'A default keeps its meaning.',
  why: 'The same message means something else, depending on who fills the value in.',
  fix: 'Write the value where it matters, or tell everybody who leaves it out.',
  requirements: ['TD-44', 'TD-82'],
  mirror: { none: 'A default means the same to both sides.' },
});
