import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** How a step is undone. */
export const sagaCompensationChanged: CompatRule = {
  id: 'saga-compensation-changed',
  title: 'A step of a saga is undone as before.',
  why: 'What the old step has done is undone in a way that was made for another one, or not at all.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'step', 'compensate', 'compensate.receive', 'compensate.failure')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `step "${nameIn(change.subject, 'step')}" of saga "${nameIn(change.subject)}" is undone by ${shown(change.after)}, was by ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
