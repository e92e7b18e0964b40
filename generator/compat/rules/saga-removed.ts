import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** What is under way is never ended. */
export const sagaRemoved: CompatRule = {
  id: 'saga-removed',
  title: 'A saga with instances under way stays.',
  why: 'An instance that is in the middle stops there: what it has done is neither completed nor undone.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'saga', 'removed')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `saga "${nameIn(change.subject)}" is gone; instances that are under way stop where they are.`,
      order: 'writer-first',
      breaksStored: true,
    });
  },
};
