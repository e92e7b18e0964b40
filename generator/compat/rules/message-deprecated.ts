import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

/** A promise to take something away. */
export const messageDeprecated: CompatRule = {
  id: 'message-deprecated',
  title: 'Whoever uses what is deprecated knows it.',
  why: 'It will be taken out; whoever reads it has to move before.',
  fix: 'Tell the services that read it what to read instead.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!((isSet(change, 'event', 'deprecated') || isSet(change, 'message', 'deprecated')) && change.after === true))
      return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${nameIn(change.subject)}" is deprecated.`,
      order: 'any',
      level: 'minor',
    });
  },
};
