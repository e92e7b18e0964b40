import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

/** Another service gives the order. */
export const commandSenderMoved: CompatRule = {
  id: 'command-sender-moved',
  title: 'A command keeps its sender.',
  why: 'While both are deployed both may give the same order.',
  fix: 'Recognise an order that comes twice by its idempotency key.',
  requirements: ['TD-45'],
  mirror: 'command-receiver-moved',
  *judge(change, revisions) {
    if (!isNoun(change, 'sender', 'renamed')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `command "${nameIn(change.subject)}" is sent by "${change.to}", no longer by "${change.from}".`,
      order: 'any',
    });
  },
};
