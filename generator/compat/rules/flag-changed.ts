import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** What happens before anybody has set the flag. */
export const flagChanged: CompatRule = {
  id: 'flag-changed',
  title: 'A flag means what it meant.',
  why: 'Wherever the flag is not set, the feature goes on or off, or answers otherwise, with the deployment.',
  fix: 'Set the flag where it is not set before this is deployed.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'flag', 'default', 'off_status', 'services')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `flag "${nameIn(change.subject)}" has ${change.setting} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'any',
    });
  },
};
