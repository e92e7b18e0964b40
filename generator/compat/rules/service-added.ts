import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** One more that takes part. */
export const serviceAdded: CompatRule = {
  id: 'service-added',
  title: 'A new service hurts nobody.',
  why: 'Nobody depends on it yet.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-44'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'service', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `service "${nameIn(change.subject)}" is new.`,
      order: 'any',
    });
  },
};
