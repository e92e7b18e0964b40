import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** One less that gives the order. */
export const commandSenderRemoved: CompatRule = {
  id: 'command-sender-removed',
  title: 'A sender that goes hurts nobody.',
  why: 'What it has sent already is still carried out.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-44'],
  mirror: 'command-receiver-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'sender', 'removed')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `"${nameIn(change.subject, 'sender')}" no longer sends command "${nameIn(change.subject)}".`,
      order: 'any',
      level: 'patch',
    });
  },
};
