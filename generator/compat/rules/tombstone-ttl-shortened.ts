import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { spoken } from '../wording.js';

/** How long a deletion is remembered. */
export const tombstoneTtlShortened: CompatRule = {
  id: 'tombstone-ttl-shortened',
  title: 'Deletions are remembered as long as before.',
  why: 'An update that arrives after the tombstone has been forgotten brings the deleted back to life.',
  fix: 'Keep tombstones longer than a message may stay in a queue, its retries and dead letters included.',
  requirements: ['DH-61'],
  mirror: { none: 'Only the copies remember deletions.' },
  *judge(change, revisions) {
    if (!(isSet(change, 'entity', 'delete.tombstone_ttl') && Number(change.after) < Number(change.before))) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `deletions of "${nameIn(change.subject)}" are remembered for ${spoken(change.after)}, was ${spoken(change.before)}.`,
      order: 'any',
    });
  },
};
