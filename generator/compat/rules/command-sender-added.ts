import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** One more that gives the order. */
export const commandSenderAdded: CompatRule = {
  id: 'command-sender-added',
  title: 'A new sender hurts nobody.',
  why: 'The receiver cannot tell them apart and need not.',
  fix: 'Deploy the receiver first if it is new, too.',
  requirements: ['TD-44'],
  mirror: 'command-receiver-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'sender', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `"${nameIn(change.subject, 'sender')}" sends command "${nameIn(change.subject)}", too.`,
      order: 'reader-first',
    });
  },
};
