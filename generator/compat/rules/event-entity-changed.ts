import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { unknown } from '../verdicts.js';
import { shown } from '../wording.js';

/** An event that tells of another thing than before. */
export const eventEntityChanged: CompatRule = {
  id: 'event-entity-changed',
  title: 'An event tells of the same entity.',
  why: 'What its consumers order, wait for and store by belongs to another entity.',
  fix: 'Publish a new event for the other entity.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'event', 'entity')) return;
    // An entity that went, came or has another name is judged as that.
    if (!revisions.after.entities.has(String(change.before)) || change.after === undefined) return;
    yield unknown(this, change, {
      ...concerned(change, revisions),
      message: `event "${nameIn(change.subject)}" tells of ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
    });
  },
};
