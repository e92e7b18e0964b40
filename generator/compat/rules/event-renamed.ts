import { concerned } from '../concerned.js';
import { isNoun } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

/** The name of an event names the handlers of its consumers. */
export const eventRenamed: CompatRule = {
  id: 'event-renamed',
  title: 'An event keeps its name.',
  why: 'The handlers that consumers have written are called after the event: their code no longer compiles. On the wire nothing changes.',
  fix: 'Rename the handlers when the services are generated anew.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'event', 'renamed')) return;
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `event "${change.from}" is called "${change.to}"; its consumers name their handlers after it.`,
      order: 'any',
    });
  },
};
