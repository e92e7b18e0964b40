import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';
import { shown } from '../wording.js';

/** A name that nobody used before. */
export const constantAdded: CompatRule = {
  id: 'constant-added',
  title: 'A new constant hurts nobody.',
  why: 'Nobody was built with it.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-44'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'constant', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `constant "${nameIn(change.subject)}" is new: ${shown(change.facts?.value)}.`,
      order: 'any',
    });
  },
};
