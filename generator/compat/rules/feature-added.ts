import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** Something that nobody used before. */
export const featureAdded: CompatRule = {
  id: 'feature-added',
  title: 'A new feature hurts nobody.',
  why: 'Whoever takes part in it says so.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-44'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'feature', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `feature "${nameIn(change.subject)}" is new.`,
      order: 'any',
    });
  },
};
