import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** What identifies an entity decides which copy a message means. */
export const entityKeyChanged: CompatRule = {
  id: 'entity-key-changed',
  title: 'An entity keeps its key.',
  why: 'Copies are stored by the key. Under another one the same thing is stored a second time, and what was stored before is never updated again.',
  fix: 'Declare a new entity with the new key, fill its copies by a full sync, then take the old one out.',
  requirements: ['TD-45', 'DH-61'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'entity', 'key')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `entity "${nameIn(change.subject)}" is identified by ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
