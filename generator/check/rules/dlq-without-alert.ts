import { type ListenedTo, listenedTo } from '../listened-to.js';
import type { Rule } from '../rule.js';
import { quoted } from '../wording.js';

/** A warning where `dead_letter` is written without `alert_after`; where nothing is written, one piece of advice per feature. */
export const dlqWithoutAlert: Rule = {
  id: 'dlq-without-alert',
  severity: 'warning',
  title: 'A dead-letter queue tells somebody when a message lies in it.',
  why: 'A dead-letter queue that nobody looks at is a slow way of dropping messages: the loss is found by a customer.',
  fix: 'Write `alert_after`.',
  requirements: ['DH-64', 'DH-69', 'DH-78'],
  *check(model) {
    const silent = new Map<string, [ListenedTo, ...ListenedTo[]]>();
    for (const item of listenedTo(model)) {
      const { kind, name, deadLetter, at, feature } = item;
      if (!deadLetter.enabled || deadLetter.alertAfterMs !== undefined) continue;
      if (!deadLetter.given) {
        const known = silent.get(feature);
        if (known) known.push(item);
        else silent.set(feature, [item]);
        continue;
      }
      yield {
        at: deadLetter.at ?? at,
        message: `the dead-letter queue of ${kind} "${name}" alerts nobody.`,
        subject: `${kind}:${name}`,
        fix: 'write alert_after: 5m under dead_letter.',
      };
    }
    for (const [feature, [first, ...others]] of silent) {
      yield {
        at: first.at,
        message: `the dead-letter queues of ${quoted([first, ...others].map((each) => each.name))} alert nobody.`,
        subject: `feature:${feature}`,
        fix: 'write dead_letter: { alert_after: 5m } at each.',
        severity: 'info',
      };
    }
  },
};
