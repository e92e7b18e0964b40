import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** A name that somebody was built with. */
export const constantRemoved: CompatRule = {
  id: 'constant-removed',
  title: 'A constant that is used stays.',
  why: 'The code of whoever uses it no longer compiles.',
  fix: 'Take it out of the services first.',
  requirements: ['TD-41', 'TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'constant', 'removed')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `constant "${nameIn(change.subject)}" is gone, was ${shown(change.facts?.value)}.`,
      order: 'any',
    });
  },
};
