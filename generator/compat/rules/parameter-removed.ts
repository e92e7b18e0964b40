import { calledBy } from '../http/callers.js';
import { isMoved, parameterIn } from '../http/parameters.js';
import { request } from '../http/sides.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

export const parameterRemoved: CompatRule = {
  id: 'parameter-removed',
  title: 'A parameter that clients give is heard.',
  why: 'Nothing is refused; what clients ask for with it is simply not done.',
  fix: 'Keep it until nobody sends it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'parameter-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'parameter', 'removed') || isMoved(change, revisions)) return;
    if (nameIn(change.subject, 'parameter').startsWith('path.')) return;
    const called = calledBy(change, revisions);
    yield notice(this, change, {
      message: `${parameterIn(change)} of "${called.name}" is gone: ${called.route} does not look at it any more.`,
      order: 'writer-first',
      ...request(called),
    });
  },
};
