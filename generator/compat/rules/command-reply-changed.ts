import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, safe } from '../verdicts.js';
import { shown } from '../wording.js';

/** An answer that somebody waits for. */
export const commandReplyChanged: CompatRule = {
  id: 'command-reply-changed',
  title: 'A command is answered as before.',
  why: 'A sender waits for an answer of the old kind until its time is over; one that comes in the new kind it cannot read.',
  fix: 'Answer in both ways until no sender waits for the old one.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'command', 'reply')) return;
    const said = concerned(change, revisions);
    const message = `command "${nameIn(change.subject)}" is answered by ${shown(change.after)}, was by ${shown(change.before)}.`;
    if (change.before === undefined) yield safe(this, change, { ...said, message, order: 'reader-first' });
    else if (change.after === undefined) yield breaking(this, change, { ...said, message, order: 'writer-first' });
    else yield breaking(this, change, { ...said, message, order: 'never', breaksStored: true });
  },
};
