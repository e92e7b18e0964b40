import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** What starts an instance. */
export const sagaTriggerChanged: CompatRule = {
  id: 'saga-trigger-changed',
  title: 'A saga is started by the same thing.',
  why: 'While both are deployed one happening starts two instances, or none.',
  fix: 'Start it by both, recognise an instance that exists by its correlation key, then take the old trigger away.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'saga', 'trigger')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `saga "${nameIn(change.subject)}" is started by ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
    });
  },
};
