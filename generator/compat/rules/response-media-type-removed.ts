import { calledBy } from '../http/callers.js';
import { isEmpty, missingIn } from '../http/listed.js';
import { response } from '../http/sides.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { quoted } from '../wording.js';

export const responseMediaTypeRemoved: CompatRule = {
  id: 'response-media-type-removed',
  title: 'A form of response that clients read stays offered.',
  why: 'Clients that ask for it get 406, or something that they cannot read.',
  fix: 'Keep offering it until nobody asks for it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'request-media-type-removed',
  *judge(change, revisions) {
    if (!isSet(change, 'response', 'mediaTypes')) return;
    const gone = missingIn(change);
    if (gone.length === 0 || isEmpty(change.after)) return;
    const called = calledBy(change, revisions);
    yield breaking(this, change, {
      message: `response ${nameIn(change.subject, 'response')} of "${called.name}" is no longer offered as ${quoted(gone)}.`,
      order: 'reader-first',
      ...response(called),
    });
  },
};
