import { concerned } from '../concerned.js';
import { nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Whoever sends without what is asked for is turned away. */
export const messageSecurityNarrowed: CompatRule = {
  id: 'message-security-narrowed',
  title: 'What a message could be sent with is still accepted.',
  why: 'Senders that prove themselves in the old way are refused, and so is what is stored.',
  fix: 'Accept both ways until every sender uses the new one.',
  requirements: ['TD-45'],
  mirror: 'message-security-widened',
  *judge(change, revisions) {
    if (change.kind !== 'set' || change.setting !== 'security') return;
    if (!['entity', 'event', 'command', 'message', 'edge'].includes(change.noun)) return;
    const gone = listed(change.before).filter((scheme) => !listed(change.after).includes(scheme));
    const isNew = listed(change.before).length === 0 && listed(change.after).length > 0;
    // To ask for nothing is to accept everything.
    if ((gone.length === 0 && !isNew) || listed(change.after).length === 0) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${nameIn(change.subject)}" asks for ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'writer-first',
      breaksStored: true,
    });
  },
};

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
