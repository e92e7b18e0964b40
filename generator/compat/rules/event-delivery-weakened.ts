import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';
import { shown } from '../wording.js';

/** What consumers may rely on. */
export const eventDeliveryWeakened: CompatRule = {
  id: 'event-delivery-weakened',
  title: 'An event is delivered as surely as before.',
  why: 'Consumers were written for the stronger promise: they miss what is lost, or do twice what comes twice.',
  fix: 'Give every consumer an idempotency key, and a way to ask for what it has missed, before the promise is weakened.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'event', 'delivery')) return;
    const strength = ['at-most-once', 'at-least-once', 'effectively-once'];
    const isWeaker = strength.indexOf(String(change.after)) < strength.indexOf(String(change.before));
    const said = concerned(change, revisions);
    const message = `event "${nameIn(change.subject)}" is delivered ${shown(change.after)}, was ${shown(change.before)}.`;
    if (isWeaker) yield breaking(this, change, { ...said, message, order: 'reader-first' });
    else yield notice(this, change, { ...said, message, order: 'any' });
  },
};
