import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import { queueOf } from '../queues.js';
import type { CompatRule } from '../rule.js';
import { notice } from '../verdicts.js';

/** A queue whose consumer has gone fills up. */
export const copyRemoved: CompatRule = {
  id: 'copy-removed',
  title: 'Whoever stops copying leaves nothing behind.',
  why: 'The queue stays bound: messages that nobody takes fill it until the broker stops its publishers.',
  fix: 'Deploy the service without its consumer, then delete the queue or its binding.',
  requirements: ['TD-82'],
  mirror: 'entity-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'copy', 'removed')) return;
    const service = nameIn(change.subject, 'copy').split('/')[0] ?? '';
    const queue = queueOf(revisions.before, service);
    yield notice(this, change, {
      ...concerned(change, revisions),
      message: `"${service}" no longer keeps a copy of "${nameIn(change.subject)}"; its queue "${queue}" stays bound.`,
      order: 'any',
      level: 'patch',
    });
  },
};
