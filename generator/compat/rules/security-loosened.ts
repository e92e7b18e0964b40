import { calledBy } from '../http/callers.js';
import { isEmpty } from '../http/listed.js';
import { letsIn, waysOf } from '../http/security-alternatives.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice, safe } from '../verdicts.js';
import { shown } from '../wording.js';

export const securityLoosened: CompatRule = {
  id: 'security-loosened',
  title: 'That more are let in is meant.',
  why: 'Nobody is refused who was let in; somebody may come in who was not.',
  fix: 'Look at who may call it now.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'security-tightened',
  *judge(change, revisions) {
    if (!isSet(change, 'operation', 'security')) return;
    const called = calledBy(change, revisions);
    if (!letsIn(...waysOf(called, revisions))) return;
    const said = {
      message: `operation "${called.name}" (${called.route}) asks for ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'reader-first' as const,
      ...request(called),
      affected: [],
    };
    yield isEmpty(change.after) ? notice(this, change, said) : safe(this, change, said);
  },
};
