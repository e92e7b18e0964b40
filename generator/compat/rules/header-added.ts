import { calledBy } from '../http/callers.js';
import { response } from '../http/sides.js';
import { statusIn } from '../http/statuses.js';
import { isNoun, isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

export const headerAdded: CompatRule = {
  id: 'header-added',
  title: 'A new header takes nothing away.',
  why: 'Clients that do not know it do not look at it.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Headers of requests are parameters.' },
  *judge(change, revisions) {
    const added = isNoun(change, 'header', 'added') || (isSet(change, 'header', 'required') && change.after === true);
    if (!added) return;
    const called = calledBy(change, revisions);
    yield safe(this, change, {
      message: `header "${nameIn(change.subject, 'header')}" of response ${statusIn(change)} of "${called.name}" is ${change.kind === 'set' ? 'always sent now' : 'new'}.`,
      order: 'writer-first',
      ...response(called),
      affected: [],
    });
  },
};
