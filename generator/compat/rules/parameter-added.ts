import { calledBy } from '../http/callers.js';
import { isMoved, parameterIn } from '../http/parameters.js';
import { request } from '../http/sides.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

export const parameterAdded: CompatRule = {
  id: 'parameter-added',
  title: 'A new parameter may be left out.',
  why: 'Clients that do not know it leave it out.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'parameter-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'parameter', 'added') || change.facts?.required === true || isMoved(change, revisions)) return;
    const called = calledBy(change, revisions);
    yield safe(this, change, {
      message: `${parameterIn(change)} of "${called.name}" is new and may be left out.`,
      order: 'reader-first',
      ...request(called),
      affected: [],
    });
  },
};
