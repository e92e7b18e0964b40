import { calledBy } from '../http/callers.js';
import { isEmpty } from '../http/listed.js';
import { response } from '../http/sides.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

export const responseBodyRemoved: CompatRule = {
  id: 'response-body-removed',
  title: 'A response keeps its body.',
  why: 'Clients that read it find nothing.',
  fix: 'Keep the body until no client reads it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'request-body-removed',
  *judge(change, revisions) {
    if (!isSet(change, 'response', 'mediaTypes') || !isEmpty(change.after)) return;
    const called = calledBy(change, revisions);
    yield breaking(this, change, {
      message: `response ${nameIn(change.subject, 'response')} of "${called.name}" has no body any more.`,
      order: 'reader-first',
      ...response(called),
    });
  },
};
