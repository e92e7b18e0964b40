import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe } from '../verdicts.js';

/** A consumer that needs less. */
export const dependencyRemoved: CompatRule = {
  id: 'dependency-removed',
  title: 'A service may need less.',
  why: 'Nothing holds its provider any more.',
  fix: 'Nothing has to be done.',
  requirements: ['TD-46'],
  mirror: 'dependency-added',
  *judge(change, revisions) {
    if (!isNoun(change, 'dependency', 'removed')) return;
    const [consumer, provider] = nameIn(change.subject).split('->');
    yield safe(this, change, {
      ...concerned(change, revisions),
      message: `"${consumer}" no longer needs "${provider}".`,
      order: 'any',
      level: 'patch',
    });
  },
};
