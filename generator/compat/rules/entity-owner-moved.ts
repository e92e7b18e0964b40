import { copiersOf, reached, servicesIn, together } from '../affected.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Whoever owns an entity is the only one who writes it; there is no moment at which two services can change places in one step. */
export const entityOwnerMoved: CompatRule = {
  id: 'entity-owner-moved',
  title: 'An entity keeps its owner.',
  why: 'While both are deployed two services write one entity, each with a count of its own: copies take whichever came last, and the new owner starts without what the old one knew.',
  fix: 'Move it in steps: the new owner keeps a copy, the old one stops writing, a full sync fills the gap, then the owner is changed.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'An owner has no counterpart: copies are fed by whoever it is.' },
  *judge(change, revisions) {
    if (!isSet(change, 'entity', 'owner')) return;
    const name = nameIn(change.subject);
    const owners = [change.before, change.after].map(String);
    const moved = owners.map(
      (owner, index) =>
        [owner, change.features[0] ?? '', index === 0 ? `owned "${name}"` : `is to own "${name}"`] as const,
    );
    const copiers = copiersOf(revisions, name);
    yield breaking(this, change, {
      message: `entity "${name}" is owned by ${shown(change.after)}, no longer by ${shown(change.before)}.`,
      order: 'never',
      writers: owners.filter((owner) => owner !== ''),
      readers: servicesIn(copiers),
      affected: together(reached(revisions, moved), copiers),
      breaksStored: true,
    });
  },
};
