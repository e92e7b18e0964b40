import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** Something that happens by the clock. */
export const jobAdded: CompatRule = {
  id: 'job-added',
  title: 'A new job hurts nobody.',
  why: 'It runs from the next time on, without making up for what was before.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-44'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'job', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `job "${nameIn(change.subject)}" is new.`,
      order: 'any',
    });
  },
};
