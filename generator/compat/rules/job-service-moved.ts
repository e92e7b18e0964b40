import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Two services that do the same by the clock. */
export const jobServiceMoved: CompatRule = {
  id: 'job-service-moved',
  title: 'A job is run by the same service.',
  why: 'While both are deployed both run it at the same minute; when it ran last only the old one knows.',
  fix: 'Stop the old one before the new one is deployed, or recognise what was done by an idempotency key.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'job', 'service')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `job "${nameIn(change.subject)}" is run by ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
    });
  },
};
