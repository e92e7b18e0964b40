import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** What a saga promises to hold. */
export const sagaInvariantChanged: CompatRule = {
  id: 'saga-invariant-changed',
  title: 'A saga promises what it promised.',
  why: 'Whoever relied on it finds out only when it does not hold.',
  fix: 'Tell those who rely on it.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'saga', 'invariants')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `saga "${nameIn(change.subject)}" promises ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'any',
      level: 'patch',
    });
  },
};
