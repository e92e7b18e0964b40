import { calledBy } from '../http/callers.js';
import { parameterIn } from '../http/parameters.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

export const parameterOptional: CompatRule = {
  id: 'parameter-optional',
  title: 'A parameter may become optional.',
  why: 'Clients that send it go on.',
  fix: 'Ship the server before clients leave it out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'parameter-required',
  *judge(change, revisions) {
    if (!isSet(change, 'parameter', 'required') || change.after === true) return;
    const called = calledBy(change, revisions);
    yield safe(this, change, {
      message: `${parameterIn(change)} of "${called.name}" may be left out now.`,
      order: 'reader-first',
      ...request(called),
      affected: [],
    });
  },
};
