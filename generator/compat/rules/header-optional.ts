import { calledBy } from '../http/callers.js';
import { response } from '../http/sides.js';
import { statusIn } from '../http/statuses.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const headerOptional: CompatRule = {
  id: 'header-optional',
  title: 'A header that clients count on is always sent.',
  why: 'Clients that were built on it fail where it is missing.',
  fix: 'Ship the clients that do without it first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Headers of requests are parameters.' },
  *judge(change, revisions) {
    if (!isSet(change, 'header', 'required') || change.after === true) return;
    const called = calledBy(change, revisions);
    yield breaking(this, change, {
      message: `header "${nameIn(change.subject, 'header')}" of response ${statusIn(change)} of "${called.name}" may be missing now.`,
      order: 'reader-first',
      ...response(called),
    });
  },
};
