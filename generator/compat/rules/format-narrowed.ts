import { schemaRule } from '../schema/schema-rule.js';

export const formatNarrowed = schemaRule({
  id: 'format-narrowed',
  title: 'A text that may be sent today stays allowed: its format is not narrowed.',
  why: 'Whoever sends texts that are no longer allowed is refused, and stored messages with them can no longer be read.',
  fix: 'Keep accepting what is sent today, and narrow it in a new version.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'format-widened',
});
