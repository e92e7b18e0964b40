import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

/** How large a message may be. */
export const payloadLimitChanged: CompatRule = {
  id: 'payload-limit-changed',
  title: 'Messages stay as small as receivers expect.',
  why: 'A receiver or a broker that is set for the old size refuses what is larger.',
  fix: 'Raise the limits of broker and consumers first.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'event', 'max_payload')) return;
    const before = change.before === undefined ? Infinity : Number(change.before);
    const after = change.after === undefined ? Infinity : Number(change.after);
    const said = concerned(change, revisions);
    const message = `event "${nameIn(change.subject)}" may have ${bytes(after)}, was ${bytes(before)}.`;
    if (after > before) yield notice(this, change, { ...said, message, order: 'reader-first' });
    else
      yield notice(this, change, {
        ...said,
        message,
        order: 'any',
        fix: 'Make sure that the publisher sends nothing larger.',
      });
  },
};

function bytes(count: number): string {
  return Number.isFinite(count) ? `${count} bytes` : 'any size';
}
