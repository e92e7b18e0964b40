import { schemaRule } from '../schema/schema-rule.js';

export const rangeNarrowed = schemaRule({
  id: 'range-narrowed',
  title: 'A number that may be sent today stays allowed: its bounds are not narrowed.',
  why: 'Whoever sends numbers that are no longer allowed is refused, and stored messages with them can no longer be read.',
  fix: 'Keep accepting what is sent today, and narrow it in a new version.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'range-widened',
});
