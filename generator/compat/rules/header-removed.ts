import { calledBy } from '../http/callers.js';
import { response } from '../http/sides.js';
import { statusIn } from '../http/statuses.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';

export const headerRemoved: CompatRule = {
  id: 'header-removed',
  title: 'A header that clients read stays.',
  why: 'Clients find nothing where they read a value: a link to the next page, a limit, a version.',
  fix: 'Keep sending it until nobody reads it.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Headers of requests are parameters.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'header', 'removed')) return;
    const called = calledBy(change, revisions);
    const said = {
      message: `header "${nameIn(change.subject, 'header')}" of response ${statusIn(change)} of "${called.name}" is gone.`,
      order: 'reader-first' as const,
      ...response(called),
    };
    yield change.facts?.required === true ? breaking(this, change, said) : notice(this, change, said);
  },
};
