import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

export const operationDeprecated: CompatRule = {
  id: 'operation-deprecated',
  title: 'An operation that is to go is marked before.',
  why: 'Clients have time to move.',
  fix: 'Move the calls before it is taken out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'It concerns those who call.' },
  *judge(change, revisions) {
    if (!isSet(change, 'operation', 'deprecated')) return;
    const called = calledBy(change, revisions);
    const now = change.after === true ? 'is deprecated' : 'is no longer deprecated';
    yield safe(this, change, {
      message: `operation "${called.name}" (${called.route}) ${now}.`,
      order: 'any',
      level: 'patch',
      ...request(called),
      affected: [],
    });
  },
};
