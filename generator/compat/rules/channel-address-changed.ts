import { readersOf, servicesIn, together, writersOf } from '../affected.js';
import { messagesOn } from '../channel-messages.js';
import { isSet, nameIn } from '../matching.js';
import { queueOf } from '../queues.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { quoted, shown } from '../wording.js';

/** The address is where sender and receivers meet. */
export const channelAddressChanged: CompatRule = {
  id: 'channel-address-changed',
  title: 'A channel keeps its address.',
  why: 'The sender sends to one address while receivers listen at another: nothing fails, messages simply do not arrive.',
  fix: 'Add a channel for the new address, send to both, move the receivers, let the old queues run empty, then take the old channel out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Sender and receivers read the address from one place.' },
  *judge(change, revisions) {
    if (!isSet(change, 'channel', 'address')) return;
    const messages = messagesOn(revisions, nameIn(change.subject));
    const readers = readersOf(revisions, ...messages);
    const writers = writersOf(revisions, ...messages);
    const queues = servicesIn(readers).map((service) => queueOf(revisions.before, service));
    const bound =
      queues.length === 0 ? '' : `; ${quoted(queues)} ${queues.length === 1 ? 'is' : 'are'} bound to the old one`;
    yield breaking(this, change, {
      message: `channel "${nameIn(change.subject)}" has address ${shown(change.after)}, was ${shown(change.before)}${bound}.`,
      order: 'never',
      writers: servicesIn(writers),
      readers: servicesIn(readers),
      affected: together(readers, writers),
      breaksStored: true,
    });
  },
};
