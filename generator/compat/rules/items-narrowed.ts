import { schemaRule } from '../schema/schema-rule.js';

export const itemsNarrowed = schemaRule({
  id: 'items-narrowed',
  title: 'A list that may be sent today stays allowed: its items are not narrowed.',
  why: 'Whoever sends lists that are no longer allowed is refused, and stored messages with them can no longer be read.',
  fix: 'Keep accepting what is sent today, and narrow it in a new version.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'items-widened',
});
