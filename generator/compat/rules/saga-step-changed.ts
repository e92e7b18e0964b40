import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** What of a step is what it does. */
const deeds = ['service', 'action', 'publish', 'receive', 'failure', 'kind', 'on_failure', 'on_unknown', 'query'];

/** What a step does, and whether it can be undone. */
export const sagaStepChanged: CompatRule = {
  id: 'saga-step-changed',
  title: 'A step of a saga does what it did.',
  why: 'An instance that is under way has done the old step and goes on, or back, as if it had done the new one.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'step', ...deeds)) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `step "${nameIn(change.subject, 'step')}" of saga "${nameIn(change.subject)}" has ${change.setting} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
