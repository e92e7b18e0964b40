import { concerned } from '../concerned.js';
import { nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** More may be sent, and less is proven. */
export const messageSecurityWidened: CompatRule = {
  id: 'message-security-widened',
  title: 'What a message has to prove does not shrink unseen.',
  why: 'A receiver accepts from now on what it refused before.',
  fix: 'Check that the receivers may trust what they are sent.',
  requirements: ['TD-45'],
  mirror: 'message-security-narrowed',
  *judge(change, revisions) {
    if (change.kind !== 'set' || change.setting !== 'security') return;
    if (!['entity', 'event', 'command', 'message', 'edge'].includes(change.noun)) return;
    const before = Array.isArray(change.before) ? change.before : [];
    const after = Array.isArray(change.after) ? change.after : [];
    const isMore = before.length > 0 && after.some((scheme) => !before.includes(scheme));
    if (before.length === 0 || (after.length > 0 && !isMore)) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${nameIn(change.subject)}" asks for ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'reader-first',
    });
  },
};
