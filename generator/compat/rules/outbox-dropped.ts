import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** What is decided and what is sent belong together. */
export const outboxDropped: CompatRule = {
  id: 'outbox-dropped',
  title: 'What is sent is sent with what was stored.',
  why: 'A crash between storing and sending loses the message, or sends one for what was never stored.',
  fix: 'Keep the outbox, or tell the receivers that they may be told too little.',
  requirements: ['TD-45'],
  mirror: { none: 'Only the sending side has an outbox.' },
  *judge(change, revisions) {
    if (!((isSet(change, 'event', 'outbox') || isSet(change, 'command', 'outbox')) && change.after === false)) return;
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `${change.noun} "${nameIn(change.subject)}" is sent without an outbox.`,
      order: 'reader-first',
    });
  },
};
