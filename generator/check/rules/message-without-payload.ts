import type { Rule } from '../rule.js';
import { travellingMessages } from '../travelling.js';

/** Messages that travel without any schema. */
export const messageWithoutPayload: Rule = {
  id: 'message-without-payload',
  severity: 'warning',
  title: 'Every message that travels has a payload schema.',
  why: 'Without a schema anything is accepted: no type, no validation, and a change of the message is never called breaking.',
  fix: 'Write `payload:` with a schema.',
  requirements: ['EP-09', 'SE-45'],
  *check(model) {
    for (const message of travellingMessages(model)) {
      if (message.definition.payload !== undefined) continue;
      yield {
        at: message.at,
        message: `message "${message.name}" has no payload schema.`,
        subject: `message:${message.name}`,
        fix: `write payload: { type: object, properties: … } under "${message.name}".`,
      };
    }
  },
};
