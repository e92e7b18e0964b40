import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Instances go on from where they stand. */
export const sagaStepsReordered: CompatRule = {
  id: 'saga-steps-reordered',
  title: 'The steps of a saga keep their order.',
  why: 'An instance that is under way goes on from its step in the new order: it leaves out some steps and does others twice.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'saga', 'steps.order')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `the steps of saga "${nameIn(change.subject)}" run as ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
