import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** An order that nobody gave before. */
export const commandAdded: CompatRule = {
  id: 'command-added',
  title: 'A new command hurts nobody.',
  why: 'Sent before its receiver is there it waits in the queue, or is lost when there is no queue yet.',
  fix: 'Deploy the receiver first.',
  requirements: ['TD-44'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'command', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `command "${nameIn(change.subject)}" is new.`,
      order: 'reader-first',
    });
  },
};
