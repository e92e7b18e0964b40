import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** A new copy starts empty. */
export const copyAdded: CompatRule = {
  id: 'copy-added',
  title: 'A new copy hurts nobody.',
  why: 'It starts empty: what was told before it existed has to be asked for.',
  fix: 'Run a full sync when the service is deployed.',
  requirements: ['TD-44'],
  mirror: 'entity-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'copy', 'added')) return;
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `"${nameIn(change.subject, 'copy')}" keeps a copy of "${nameIn(change.subject)}".`,
      order: 'any',
      level: 'minor',
    });
  },
};
