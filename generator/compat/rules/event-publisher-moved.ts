import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** For a while two services publish one event, or none does. */
export const eventPublisherMoved: CompatRule = {
  id: 'event-publisher-moved',
  title: 'An event keeps its publisher.',
  why: 'While both are deployed each happening is told twice or not at all, and their sequences know nothing of each other.',
  fix: 'Let the new publisher send a new event, move the consumers, then take the old event out.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'Consumers do not move: one goes, another comes.' },
  *judge(change, revisions) {
    if (!isSet(change, 'event', 'publisher')) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `event "${nameIn(change.subject)}" is published by ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
