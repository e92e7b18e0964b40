import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import { queueOf } from '../queues.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

/** A queue whose consumer has gone fills up. */
export const eventConsumerRemoved: CompatRule = {
  id: 'event-consumer-removed',
  title: 'Whoever stops consuming leaves nothing behind.',
  why: 'The queue stays bound: messages that nobody takes fill it until the broker stops its publishers, and what it held is never handled.',
  fix: 'Let the queue run empty, deploy the service without its consumer, then delete the queue or its binding.',
  requirements: ['TD-82'],
  mirror: 'event-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'consumer', 'removed')) return;
    const service = nameIn(change.subject, 'consumer').split('/')[0] ?? '';
    const queue = queueOf(revisions.before, service);
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `"${service}" no longer consumes event "${nameIn(change.subject)}"; its queue "${queue}" stays bound.`,
      order: 'any',
    });
  },
};
