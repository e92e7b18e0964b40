import { calledBy } from '../http/callers.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const requestBodyRemoved: CompatRule = {
  id: 'request-body-removed',
  title: 'A body that clients send is read.',
  why: 'What clients send is dropped, and nobody tells them.',
  fix: 'Keep reading it until nobody sends it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'response-body-removed',
  *judge(change, revisions) {
    if (!isSet(change, 'operation', 'request') || change.after === true) return;
    const called = calledBy(change, revisions);
    yield breaking(this, change, {
      message: `operation "${called.name}" (${called.route}) takes no request body any more: what clients send is dropped.`,
      order: 'writer-first',
      ...request(called),
    });
  },
};
