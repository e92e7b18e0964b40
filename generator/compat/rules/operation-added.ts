import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

export const operationAdded: CompatRule = {
  id: 'operation-added',
  title: 'A new operation takes nothing away.',
  why: 'It is told so that clients know what they may call.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'operation-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'operation', 'added')) return;
    const called = calledBy(change, revisions);
    yield safe(this, change, {
      message: `operation "${called.name}" (${called.route}) is new.`,
      order: 'any',
      ...request(called),
      affected: [],
    });
  },
};
