import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** One less service that calls. */
export const edgeRemoved: CompatRule = {
  id: 'edge-removed',
  title: 'A caller that goes hurts nobody.',
  why: 'The provider serves what nobody asks for.',
  fix: 'Take the operation out when nobody else calls it.',
  requirements: ['TD-44'],
  mirror: 'edge-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'edge', 'removed')) return;
    const [from, to] = nameIn(change.subject).split('->');
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `"${from}" no longer calls "${to}".`,
      order: 'any',
      level: 'patch',
    });
  },
};
