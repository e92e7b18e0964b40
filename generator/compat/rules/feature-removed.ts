import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

/** An agreement that is no longer written. */
export const featureRemoved: CompatRule = {
  id: 'feature-removed',
  title: 'A feature that services take part in stays.',
  why: 'What it agreed on is no longer checked, generated or tested for anybody who takes part.',
  fix: 'Take the services out of it first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'feature', 'removed')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `feature "${nameIn(change.subject)}" is gone, with what it agreed on.`,
      order: 'any',
    });
  },
};
