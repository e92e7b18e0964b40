import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** What carries a channel. */
export const channelProtocolChanged: CompatRule = {
  id: 'channel-protocol-changed',
  title: 'A channel is carried by the same protocol.',
  why: 'Sender and receivers meet on different brokers, which is to say nowhere.',
  fix: 'Bridge the two brokers, or send to both, until everybody has moved.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'channel', 'protocols')) return;
    const before = Array.isArray(change.before) ? change.before : [];
    const after = Array.isArray(change.after) ? change.after : [];
    // One more, or one that was not said before, takes nothing away.
    if (before.every((protocol) => after.includes(protocol))) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `channel "${nameIn(change.subject)}" is carried by ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
