import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Which of two messages is the newer one. */
export const orderingVersionChanged: CompatRule = {
  id: 'ordering-version-changed',
  title: 'What tells old from new stays the same.',
  why: 'A copy compares the version that it stored with the one that it receives. Two kinds of version compare by chance: newer data is dropped as stale, or stale data applied.',
  fix: 'Send a new message with the new version beside the old one, fill the copies by a full sync, then take the old one out.',
  requirements: ['DH-61', 'TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (
      !(
        isSet(change, 'entity', 'ordering.version', 'ordering.tie_breaker') ||
        isSet(change, 'event', 'ordering.version', 'ordering.tie_breaker')
      )
    )
      return;
    const what = change.setting === 'ordering.version' ? 'old from new' : 'equal versions apart';
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${nameIn(change.subject)}" tells ${what} by ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
