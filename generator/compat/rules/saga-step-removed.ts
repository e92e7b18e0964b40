import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** Where an instance stands may be gone. */
export const sagaStepRemoved: CompatRule = {
  id: 'saga-step-removed',
  title: 'A saga keeps its steps.',
  why: 'An instance that stands at the step finds nothing to go on with; one that has passed it no longer undoes it when a later step fails.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'step', 'removed')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `saga "${nameIn(change.subject)}" has no step "${nameIn(change.subject, 'step')}" any more; instances that stand there, or have to undo it, are under way.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
