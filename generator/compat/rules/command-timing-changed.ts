import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { spoken } from '../wording.js';

/** How long an order may take, and when it is carried out. */
export const commandTimingChanged: CompatRule = {
  id: 'command-timing-changed',
  title: 'A command is carried out as soon as before.',
  why: 'Senders give up, or orders are carried out, at another moment than the other side expects.',
  fix: 'Check that both sides agree about the time.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'command', 'timeout', 'delay')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `command "${nameIn(change.subject)}" has a ${change.setting} of ${spoken(change.after)}, was ${spoken(change.before)}.`,
      order: 'any',
    });
  },
};
