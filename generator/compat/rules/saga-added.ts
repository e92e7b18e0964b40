import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** A process that has no instances yet. */
export const sagaAdded: CompatRule = {
  id: 'saga-added',
  title: 'A new saga hurts nobody.',
  why: 'No instance of it is under way.',
  fix: 'Deploy the services that do its steps before the one that runs it.',
  requirements: ['TD-44'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'saga', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `saga "${nameIn(change.subject)}" is new.`,
      order: 'reader-first',
    });
  },
};
