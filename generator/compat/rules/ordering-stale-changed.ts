import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** What is done with a message that comes too late. */
export const orderingStaleChanged: CompatRule = {
  id: 'ordering-stale-changed',
  title: 'What is done with stale messages stays the same.',
  why: 'Until all consumers are deployed some drop a late message and others take something from it: their copies differ.',
  fix: 'Deploy the consumers, then run a full sync.',
  requirements: ['DH-61'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!(isSet(change, 'entity', 'ordering.stale') || isSet(change, 'event', 'ordering.stale'))) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${nameIn(change.subject)}" treats stale messages as ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'any',
    });
  },
};
