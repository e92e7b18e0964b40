import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';

/** Instances that have passed the place never do it. */
export const sagaStepAdded: CompatRule = {
  id: 'saga-step-added',
  title: 'A saga gets no step that instances under way leave out.',
  why: 'An instance that has passed the place where the step now stands ends without it, as if it had been done.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'step', 'added')) return;
    const saga = nameIn(change.subject);
    const step = nameIn(change.subject, 'step');
    const said = concerned(change, revisions);
    const steps = revisions.after.sagas.get(saga)?.steps ?? [];
    if (steps[steps.length - 1]?.id === step) {
      const message = `saga "${saga}" ends with a new step "${step}"; instances that have ended did without it.`;
      yield notice(this, change, { ...said, message, order: 'reader-first' });
      return;
    }
    const message = `saga "${saga}" has a new step "${step}"; instances that have passed its place leave it out.`;
    yield breaking(this, change, { ...said, message, order: 'never', breaksStored: true });
  },
};
