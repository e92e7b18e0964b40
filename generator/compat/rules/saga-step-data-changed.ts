import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { unknown } from '../verdicts.js';
import { shown, spokenSubject } from '../wording.js';

/** What a step is given and what it leaves behind, and what is told at the end. */
export const sagaStepDataChanged: CompatRule = {
  id: 'saga-step-data-changed',
  title: 'A step of a saga is given what it was given.',
  why: 'An instance that is under way has stored what the old step left: what the new one expects may not be there.',
  fix: 'Let the instances that are under way end before this is deployed, or start new ones under a new name and keep the old saga until none of its instances is left.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (
      !(
        isSet(change, 'step', 'with', 'outputs', 'compensate.with') ||
        isSet(change, 'saga', 'on_complete', 'on_compensated')
      )
    )
      return;
    const what =
      change.noun === 'step'
        ? `step "${nameIn(change.subject, 'step')}" of saga "${nameIn(change.subject)}"`
        : spokenSubject(change.subject);
    yield unknown(this, change, {
      ...concerned(change, revisions),
      message: `${what} has ${change.setting} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
