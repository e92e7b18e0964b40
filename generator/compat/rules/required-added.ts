import { schemaRule } from '../schema/schema-rule.js';

export const requiredAdded = schemaRule({
  id: 'required-added',
  title: 'Nothing becomes required that was not sent before.',
  why: 'What senders leave out today is refused, and so is every message that is stored already.',
  fix: 'Keep it optional with a default, or let every sender send it first and old messages run out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'required-removed',
});
