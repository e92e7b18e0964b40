import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** An order that two carry out. */
export const commandReceiverAdded: CompatRule = {
  id: 'command-receiver-added',
  title: 'A command has one receiver.',
  why: 'Each order is carried out by both, or by whichever is faster: nobody says which.',
  fix: 'Give the second receiver a command of its own, or publish an event.',
  requirements: ['TD-45'],
  mirror: 'command-sender-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'receiver', 'added')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `"${nameIn(change.subject, 'receiver')}" receives command "${nameIn(change.subject)}", too.`,
      order: 'never',
    });
  },
};
