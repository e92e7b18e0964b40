import { commandQueueName } from '../../model/naming.js';
import { concerned } from '../concerned.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';
import { quoted } from '../wording.js';

/** An order that nobody carries out any more. */
export const commandRemoved: CompatRule = {
  id: 'command-removed',
  title: 'A command that somebody sends stays.',
  why: 'The senders go on sending, the broker goes on storing, and nobody does what is asked for.',
  fix: 'Stop the senders first; take the receiver out when its queue is empty.',
  requirements: ['TD-45', 'TD-82'],
  mirror: { none: 'One contract says it to both sides.' },
  *judge(change, revisions) {
    if (!isNoun(change, 'command', 'removed')) return;
    const queues = concerned(change, revisions).readers.map((service) => commandQueueName(service));
    yield breaking(this, change, {
      ...concerned(change, revisions),
      message: `command "${nameIn(change.subject)}" is gone; ${quoted(concerned(change, revisions).readers)} took it from ${quoted(queues, 'no queue')}.`,
      order: 'writer-first',
      breaksStored: true,
    });
  },
};
