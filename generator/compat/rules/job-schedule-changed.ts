import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** When and how something is done by the clock. */
export const jobScheduleChanged: CompatRule = {
  id: 'job-schedule-changed',
  title: 'A job runs when it ran.',
  why: 'Whoever relies on the hour gets it earlier, later or more often.',
  fix: 'Tell those who rely on it.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'job', 'schedule', 'timezone', 'catch_up', 'max_attempts', 'retry', 'for_each')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `job "${nameIn(change.subject)}" has ${change.setting} ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'any',
      level: 'patch',
    });
  },
};
