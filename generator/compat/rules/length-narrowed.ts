import { schemaRule } from '../schema/schema-rule.js';

export const lengthNarrowed = schemaRule({
  id: 'length-narrowed',
  title: 'A text that may be sent today stays allowed: its lengths are not narrowed.',
  why: 'Whoever sends texts of a length that are no longer allowed is refused, and stored messages with them can no longer be read.',
  fix: 'Keep accepting what is sent today, and narrow it in a new version.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'length-widened',
});
