import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** One more service that calls. */
export const edgeAdded: CompatRule = {
  id: 'edge-added',
  title: 'A new caller finds what it calls.',
  why: 'Called before the provider serves it, it fails.',
  fix: 'Deploy the provider first if the operation is new, too.',
  requirements: ['TD-44'],
  mirror: 'edge-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'edge', 'added')) return;
    const [from, to] = nameIn(change.subject).split('->');
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `"${from}" calls "${to}".`,
      order: 'reader-first',
    });
  },
};
