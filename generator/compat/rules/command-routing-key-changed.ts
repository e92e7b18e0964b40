import { commandQueueName } from '../../model/naming.js';
import { concerned } from '../concerned.js';
import { isSet, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { quoted, shown } from '../wording.js';

/** What leads a command into the queue of its receiver. */
export const commandRoutingKeyChanged: CompatRule = {
  id: 'command-routing-key-changed',
  title: 'A command keeps its routing key.',
  why: 'The queue is bound by the old key: what is sent by the new one is dropped by the broker without a word.',
  fix: 'Bind the queue by both keys first, then switch the senders, then take the old binding away.',
  requirements: ['TD-45'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isSet(change, 'command', 'routing_key')) return;
    const queues = concerned(change, revisions).readers.map((service) => commandQueueName(service));
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `command "${nameIn(change.subject)}" is sent by routing key ${shown(change.after)}, was ${shown(change.before)}; ${quoted(queues, 'no queue')} ${queues.length > 1 ? 'are' : 'is'} bound by the old one.`,
      order: 'never',
      breaksStored: true,
    });
  },
};
