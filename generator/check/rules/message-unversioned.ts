import type { Rule } from '../rule.js';
import { travellingMessages } from '../travelling.js';

/** A version is `x-message-version`, or a const `messageVersion` header. Only messages that travel are judged. */
export const messageUnversioned: Rule = {
  id: 'message-unversioned',
  severity: 'warning',
  title: 'Every message carries the version of its format.',
  why: 'Queues hold messages of the release before. Without a version a consumer cannot tell the old format from a broken one.',
  fix: 'Write `x-message-version` beside the payload.',
  requirements: ['DH-61', 'SE-57'],
  *check(model) {
    for (const message of travellingMessages(model)) {
      if (message.versionGiven) continue;
      yield {
        at: message.at,
        message: `message "${message.name}" has no version.`,
        subject: `message:${message.name}`,
        fix: `write x-message-version: 1 under "${message.name}", or a messageVersion header with a const.`,
      };
    }
  },
};
