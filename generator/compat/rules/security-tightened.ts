import { calledBy } from '../http/callers.js';
import { isEmpty } from '../http/listed.js';
import { letsIn, waysOf } from '../http/security-alternatives.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

export const securityTightened: CompatRule = {
  id: 'security-tightened',
  title: 'Whoever is let in today still is.',
  why: 'Clients without the new credentials get 401 or 403.',
  fix: 'Accept the old credentials beside the new ones until every client has them.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'security-loosened',
  *judge(change, revisions) {
    if (!isSet(change, 'operation', 'security')) return;
    const called = calledBy(change, revisions);
    if (letsIn(...waysOf(called, revisions))) return;
    yield breaking(this, change, {
      message: `operation "${called.name}" (${called.route}) asks for ${shown(change.after)}, was ${shown(change.before)}.`,
      order: isEmpty(change.before) ? 'writer-first' : 'never',
      ...request(called),
    });
  },
};
