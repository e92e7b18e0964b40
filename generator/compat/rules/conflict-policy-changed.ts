import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** Who wins when two changes meet. */
export const conflictPolicyChanged: CompatRule = {
  id: 'conflict-policy-changed',
  title: 'Conflicts are solved as before.',
  why: 'Old and new instances solve the same conflict differently, and the copies differ afterwards.',
  fix: 'Run a full sync when everybody is deployed.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'entity', 'conflict')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `conflicts of "${nameIn(change.subject)}" are solved by ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'any',
    });
  },
};
