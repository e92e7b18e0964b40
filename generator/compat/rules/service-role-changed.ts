import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** What a service is allowed to do. */
export const serviceRoleChanged: CompatRule = {
  id: 'service-role-changed',
  title: 'A service keeps its role.',
  why: 'What a service may call, own and store follows from its role.',
  fix: 'Check the contracts against the rules of the new role.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'service', 'role')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `service "${nameIn(change.subject)}" has role ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'any',
      level: 'patch',
    });
  },
};
