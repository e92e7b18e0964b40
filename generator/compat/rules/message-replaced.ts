import { concerned } from '../concerned.js';
import { payloadShape } from '../diff/payload-shape.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule, Revisions } from '../rule.js';
import { breaking, safe } from '../verdicts.js';
import { shown } from '../wording.js';

/** The same is told by another message. */
export const messageReplaced: CompatRule = {
  id: 'message-replaced',
  title: 'What is told is told by the same message.',
  why: 'Consumers of the old contract never see the new message, those of the new one never the old: whatever is sent while both run is lost for one of them.',
  fix: 'Send both until every consumer reads the new one, then stop the old one.',
  requirements: ['TD-45', 'DH-61'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'entity', 'event') && !isSet(change, 'event', 'message') && !isSet(change, 'command', 'message'))
      return;
    const own = nameIn(change.subject);
    const { before, after } = change;
    if (typeof before === 'string' && isRenamed(before, String(after), revisions)) return;
    const said = concerned(change, revisions);
    const message = `${change.noun} "${own}" is told by ${shown(after)}, was by ${shown(before)}.`;
    if (before === undefined) yield safe(this, change, { ...said, message, order: 'writer-first' });
    else yield breaking(this, change, { ...said, message, order: 'never', breaksStored: true });
  },
};

/** A message under a new name, which is judged as that. */
function isRenamed(from: string, to: string, { before, after }: Revisions): boolean {
  if (after.messages.has(from) || before.messages.has(to)) return false;
  const shape = payloadShape(before, from);
  return shape !== undefined && shape === payloadShape(after, to);
}
