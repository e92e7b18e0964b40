import { concerned } from '../concerned.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** What is stored of an instance is stored under the name. */
export const sagaRenamed: CompatRule = {
  id: 'saga-renamed',
  title: 'A saga keeps its name.',
  why: 'Instances that are under way are stored under the old name, and nobody goes on with them.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'saga', 'renamed')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `saga "${change.from}" is called "${change.to}"; instances that are under way are stored under the old name.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
