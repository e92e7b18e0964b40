import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** How the bytes of a message are read. */
export const messageContentTypeChanged: CompatRule = {
  id: 'message-content-type-changed',
  title: 'A message is written in the same format.',
  why: 'A consumer that reads the old format cannot read one byte of the new one, nor the other way round.',
  fix: 'Send a new message in the new format beside the old one until nobody reads the old one.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'message', 'content_type', 'format')) return;
    // What is not said is JSON.
    if ([change.before, change.after].every((type) => type === undefined || type === 'application/json')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `message "${nameIn(change.subject)}" is written in ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
