import type { Rule } from '../rule.js';

/** Two documents that define different payloads under one name. */
export const messageDefinedTwice: Rule = {
  id: 'message-defined-twice',
  severity: 'error',
  title: 'A message name stands for one payload in the whole system.',
  why: 'Types and validators are generated once per system; with two payloads under one name one side validates against the wrong one.',
  fix: 'Refer to one definition with `$ref`, or rename one message.',
  requirements: ['EP-09', 'TD-36'],
  *check(model) {
    for (const message of model.messages.values()) {
      for (const rival of message.rivals) {
        yield {
          at: rival.at,
          message: `message "${message.name}" has another payload here than elsewhere.`,
          subject: `message:${message.name}`,
          related: [{ at: message.at, message: 'the other definition' }],
          fix: `write $ref to the other definition, or rename one of them.`,
        };
      }
    }
  },
};
