import { concerned } from '../concerned.js';
import { isSet } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown, spoken, spokenSubject } from '../wording.js';

/** How long a saga waits and how often it tries. */
export const sagaTimingChanged: CompatRule = {
  id: 'saga-timing-changed',
  title: 'A saga waits as long as before.',
  why: 'Instances that are under way give up sooner or later than those who watch them expect.',
  fix: 'Check that the time still covers all steps and their tries.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!(isSet(change, 'saga', 'timeout') || isSet(change, 'step', 'timeout', 'retry', 'compensate.retry'))) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `${spokenSubject(change.subject)} has ${change.setting} ${time(change.after)}, was ${time(change.before)}.`,
      order: 'any',
      level: 'patch',
    });
  },
};

function time(value: unknown): string {
  return typeof value === 'number' ? spoken(value) : shown(value);
}
