import { schemaRule } from '../schema/schema-rule.js';

export const alternativeAdded = schemaRule({
  id: 'alternative-added',
  title: 'A new alternative comes when readers know it.',
  why: 'A reader that knows only the old alternatives refuses the new one.',
  fix: 'Ship the readers first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'alternative-removed',
});
