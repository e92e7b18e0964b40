import { addressesOf } from '../addresses.js';
import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import { queueOf } from '../queues.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { quoted } from '../wording.js';

/** A message that is sent somewhere else. */
export const messageChannelChanged: CompatRule = {
  id: 'message-channel-changed',
  title: 'A message stays on its channel.',
  why: 'Receivers listen where it was: nothing fails, messages simply do not arrive.',
  fix: 'Send it on both channels, move the receivers, let the old queues run empty, then leave the old channel.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    const isMoved =
      isSet(change, 'message', 'channels') || isSet(change, 'event', 'channel') || isSet(change, 'command', 'channel');
    if (!isMoved) return;
    const name = nameIn(change.subject);
    const { before, after } = revisions;
    const left = idsIn(change.before);
    const right = idsIn(change.after);
    const known = new Set(addressesOf(after, right));
    const kept = new Set(right);
    // An id that stays with another address is a channel that moved; an address that stays under another id has not moved.
    const gone = left.filter(
      (id) => !kept.has(id) && !addressesOf(before, [id]).every((address) => known.has(address)),
    );
    if (gone.length === 0 || (change.noun !== 'message' && right.length === 0)) return;
    const queues = concerned(change, revisions).readers.map((service) => queueOf(before, service));
    const where = right.length === 0 ? 'no channel' : `${quoted(addressesOf(after, right))}`;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${name}" is sent to ${where}, was to ${quoted(addressesOf(before, gone))}, which ${quoted(queues, 'no queue')} ${queues.length > 1 ? 'listen' : 'listens'} to.`,
      order: 'never',
      breaksStored: true,
    });
  },
};

function idsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? [value] : [];
}
