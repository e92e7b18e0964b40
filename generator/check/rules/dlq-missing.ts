import { listenedTo } from '../listened-to.js';
import type { Rule } from '../rule.js';

/** `dead_letter: { enabled: false }` on anything that somebody listens to. */
export const dlqMissing: Rule = {
  id: 'dlq-missing',
  severity: 'warning',
  title: 'Messages that cannot be handled end in a dead-letter queue.',
  why: 'Without one a poison message is either dropped, and lost, or tried for ever, and everything behind it waits.',
  fix: 'Leave dead lettering on.',
  requirements: ['DH-60', 'SE-60'],
  *check(model) {
    for (const { kind, name, deadLetter, at } of listenedTo(model)) {
      if (deadLetter.enabled) continue;
      yield {
        at: deadLetter.at ?? at,
        message: `${kind} "${name}" has no dead-letter queue.`,
        subject: `${kind}:${name}`,
        fix: 'write dead_letter: { max_deliveries: 5, alert_after: 5m } instead of enabled: false.',
      };
    }
  },
};
