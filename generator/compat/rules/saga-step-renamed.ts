import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** What an instance has done is stored under the id of the step. */
export const sagaStepRenamed: CompatRule = {
  id: 'saga-step-renamed',
  title: 'A step of a saga keeps its id.',
  why: 'An instance that is under way does not know that it has done the step, and does it again.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'step', 'renamed')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `step "${change.from}" of saga "${nameIn(change.subject)}" is called "${change.to}"; instances that are under way have stored the old id.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
