import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { shown } from '../wording.js';

/** Where the id stands that ties a message to what caused it. */
export const correlationIdChanged: CompatRule = {
  id: 'correlation-id-changed',
  title: 'The correlation id stays where it is.',
  why: 'A receiver looks for it where it was: answers are not matched with their questions, and traces break off.',
  fix: 'Carry it at both places until everybody reads the new one.',
  requirements: ['TD-45', 'DH-61'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!(isSet(change, 'message', 'correlation_id') && change.before !== undefined)) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `the correlation id of message "${nameIn(change.subject)}" is at ${shown(change.after)}, was ${shown(change.before)}.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
