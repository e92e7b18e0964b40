import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import { partiesOfMessage } from '../parties.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** What a job sends. */
export const jobMessagesChanged: CompatRule = {
  id: 'job-messages-changed',
  title: 'A job sends what it sent.',
  why: 'Nothing fails: whoever reads what it no longer sends is never told again.',
  fix: 'Take the consumers out first.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'job', 'publishes')) return;
    const before = Array.isArray(change.before) ? change.before.map(String) : [];
    const after = Array.isArray(change.after) ? change.after.map(String) : [];
    const gone = before.filter((message) => !after.includes(message));
    const starved = gone.filter((message) => {
      const { event } = partiesOfMessage(revisions.after, message);
      return event !== undefined && event.writers.length === 0 && event.readers.length > 0;
    });
    const said = concerned(change, revisions);
    const text = `job "${nameIn(change.subject)}" sends ${shown(change.after)}, was ${shown(change.before)}.`;
    if (starved.length > 0) yield breaking(this, change, { ...said, message: text, order: 'reader-first' });
    else yield notice(this, change, { ...said, message: text, order: 'any' });
  },
};
