import { commandQueueName } from '../../model/naming.js';
import { reached, sendersOf, servicesIn, together } from '../affected.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking } from '../verdicts.js';

/** What waits in the old queue waits for ever. */
export const commandReceiverMoved: CompatRule = {
  id: 'command-receiver-moved',
  title: 'A command keeps its receiver.',
  why: 'While both are deployed an order may be carried out twice or, once the old receiver has gone, never: what is in its queue stays there.',
  fix: 'Let the old receiver pass orders on, or let its queue run empty with the senders stopped, before it goes.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'command-sender-moved',
  *judge(change, revisions) {
    if (!isNoun(change, 'receiver', 'renamed')) return;
    const command = nameIn(change.subject);
    const services = [change.from, change.to].map(String);
    const moved = services.map(
      (service) => [service, change.features[0] ?? '', `receives command "${command}"`] as const,
    );
    const senders = sendersOf(revisions, command);
    yield breaking(this, change, {
      message: `command "${command}" is received by "${change.to}", no longer by "${change.from}" from queue "${commandQueueName(String(change.from))}".`,
      order: 'never',
      writers: servicesIn(senders),
      readers: services,
      affected: together(senders, reached(revisions, moved)),
      breaksStored: true,
    });
  },
};
