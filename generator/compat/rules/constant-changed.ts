import { reached } from '../affected.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { sharersOf } from '../sharers.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** A constant is compiled into everybody who uses it: for a while both values are out there. */
export const constantChanged: CompatRule = {
  id: 'constant-changed',
  title: 'A constant keeps its value.',
  why: 'Each service has the value that it was built with. Until all of them are deployed they disagree: a token signed in one way is refused by whoever expects the other.',
  fix: 'Add a constant for the new value, teach everybody to accept both, switch, then take the old one out.',
  requirements: ['TD-41', 'TD-45', 'TD-46'],
  mirror: { none: 'Both sides of an agreement hold the same constant.' },
  *judge(change, revisions) {
    if (!isSet(change, 'constant', 'value')) return;
    const sharers = reached(revisions, sharersOf(revisions, change.features));
    const services = sharers.map(({ service }) => service);
    yield breaking(this, change, {
      message: `constant "${nameIn(change.subject)}" is ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      writers: services,
      readers: services,
      affected: sharers,
    });
  },
};
