import { schemaRule } from '../schema/schema-rule.js';

export const propertyRemoved = schemaRule({
  id: 'property-removed',
  title: 'A property that readers rely on does not go.',
  why: 'A reader that requires it refuses what comes without it; one that only uses it finds nothing where a value was.',
  fix: 'Keep the property until no reader requires or takes it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'property-added',
});
