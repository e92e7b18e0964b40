import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** A consumer that takes other messages than before. */
export const consumerFilterChanged: CompatRule = {
  id: 'consumer-filter-changed',
  title: 'A consumer takes the messages that it took.',
  why: 'What no longer passes the filter stays as it was stored last; what passes now was never stored before.',
  fix: 'Run a full sync when the service is deployed.',
  requirements: ['TD-45'],
  mirror: 'publish-filter-changed',
  *judge(change, revisions) {
    if (!(isSet(change, 'copy', 'when') || isSet(change, 'consumer', 'when'))) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `"${nameIn(change.subject, change.noun)}" takes "${nameIn(change.subject)}" ${when(change.after)}, took it ${when(change.before)}.`,
      order: 'any',
      level: 'patch',
    });
  },
};

function when(filter: unknown): string {
  return filter === undefined ? 'always' : `when ${shown(filter)}`;
}
