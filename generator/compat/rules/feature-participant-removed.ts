import { reached } from '../affected.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { quoted } from '../wording.js';

/** A service that has left a feature. */
export const featureParticipantRemoved: CompatRule = {
  id: 'feature-participant-removed',
  title: 'A service that takes part in a feature stays in it.',
  why: 'What the others expect of it is no longer written anywhere.',
  fix: 'Check who called it, waited for it or depended on it.',
  requirements: ['TD-82'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'feature', 'participants')) return;
    const before = Array.isArray(change.before) ? change.before.map(String) : [];
    const after = Array.isArray(change.after) ? change.after.map(String) : [];
    const gone = before.filter((service) => !after.includes(service));
    if (gone.length === 0) return;
    const feature = nameIn(change.subject);
    const left = reached(
      revisions,
      gone.map((service) => [service, feature, `no longer takes part in "${feature}"`] as const),
    );
    yield notice(this, change, {
      message: `${quoted(gone)} no longer ${gone.length === 1 ? 'takes' : 'take'} part in feature "${feature}".`,
      order: 'any',
      writers: gone,
      readers: after,
      affected: left,
    });
  },
};
