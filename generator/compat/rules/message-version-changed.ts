import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { safe, unknown } from '../verdicts.js';
import { shown } from '../wording.js';

/** The version says which form of a message this is. */
export const messageVersionChanged: CompatRule = {
  id: 'message-version-changed',
  title: 'The version of a message only rises.',
  why: 'A consumer that looks at the version takes the new form for an older one than it is.',
  fix: 'Raise the version with every change of the payload, and never lower it.',
  requirements: ['DH-61', 'SE-45', 'SE-57'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'message', 'version')) return;
    const said = concerned(change, revisions);
    const message = `message "${nameIn(change.subject)}" has version ${shown(change.after)}, was ${shown(change.before)}.`;
    const isRaised =
      change.before === undefined || Number.parseFloat(String(change.after)) > Number.parseFloat(String(change.before));
    if (isRaised) yield safe(this, change, { ...said, message, order: 'reader-first' });
    else yield unknown(this, change, { ...said, message, order: 'never', breaksStored: true });
  },
};
