import { consumersOf, copiersOf, reached, servicesIn, together } from '../affected.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Messages with one key stay in order; with two keys at once they do not. */
export const orderingKeyChanged: CompatRule = {
  id: 'ordering-key-changed',
  title: 'What messages are put in order by stays the same.',
  why: 'Old and new messages about one thing go by different keys: a partition no longer holds all of them, and what a receiver remembers of the old key says nothing about the new one.',
  fix: 'Publish under a new message that has the new key, let the old queues run empty, then take the old message out.',
  requirements: ['DH-61', 'TD-45'],
  mirror: { none: 'One contract gives the key to sender and receivers.' },
  *judge(change, revisions) {
    if (!isSet(change, 'entity', 'ordering.key') && !isSet(change, 'event', 'ordering.key')) return;
    const name = nameIn(change.subject);
    const isEntity = change.noun === 'entity';
    const readers = isEntity ? copiersOf(revisions, name) : consumersOf(revisions, name);
    const { before, after } = revisions;
    const writer = isEntity
      ? (after.entities.get(name) ?? before.entities.get(name))?.owner
      : (after.events.get(name) ?? before.events.get(name))?.publisher;
    const sender = reached(revisions, [[writer ?? '', change.features[0] ?? '', `sends "${name}" by the new key`]]);
    yield breaking(this, change, {
      message: `${change.noun} "${name}" is put in order by ${shown(change.after)}, was by ${shown(change.before)}.`,
      order: 'never',
      writers: servicesIn(sender),
      readers: servicesIn(readers),
      affected: together(readers, sender),
      breaksStored: true,
    });
  },
};
