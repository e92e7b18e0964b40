import { calledBy } from '../http/callers.js';
import { missingIn } from '../http/listed.js';
import { request } from '../http/sides.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { quoted } from '../wording.js';

export const requestMediaTypeRemoved: CompatRule = {
  id: 'request-media-type-removed',
  title: 'A form of request that clients use stays understood.',
  why: 'Whoever sends it is refused with 415.',
  fix: 'Keep accepting it until nobody sends it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'response-media-type-removed',
  *judge(change, revisions) {
    if (!isSet(change, 'operation', 'request.mediaTypes')) return;
    const gone = missingIn(change);
    if (gone.length === 0 || change.after === undefined) return;
    const called = calledBy(change, revisions);
    yield breaking(this, change, {
      message: `operation "${called.name}" (${called.route}) no longer takes ${quoted(gone)}.`,
      order: 'writer-first',
      ...request(called),
    });
  },
};
