import { schemaRule } from '../schema/schema-rule.js';

export const additionalPropertiesNarrowed = schemaRule({
  id: 'additional-properties-narrowed',
  title: 'An object that may be sent today stays allowed: its further properties are not narrowed.',
  why: 'Whoever sends objects that are no longer allowed is refused, and stored messages with them can no longer be read.',
  fix: 'Keep accepting what is sent today, and narrow it in a new version.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'additional-properties-widened',
});
