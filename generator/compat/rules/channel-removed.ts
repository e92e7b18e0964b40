import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** What was there on the broker stays there. */
export const channelRemoved: CompatRule = {
  id: 'channel-removed',
  title: 'A channel that goes leaves nothing on the broker.',
  why: 'Its queues stay bound, and fill up with whatever somebody still sends.',
  fix: 'Let the queues run empty, then delete their bindings.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'channel', 'removed')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `channel "${nameIn(change.subject)}" at ${shown(change.facts?.address)} is gone; its queues and bindings stay on the broker.`,
      order: 'any',
    });
  },
};
