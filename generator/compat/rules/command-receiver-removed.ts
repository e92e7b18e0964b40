import { commandQueueName } from '../../model/naming.js';
import { reached, sendersOf, servicesIn, together } from '../affected.js';
import { isNoun, nameIn } from '../matching.js';
import type { CompatRule } from '../rule.js';
import { breaking, notice } from '../verdicts.js';
import { quoted } from '../wording.js';

/** A command is an order to one service; nobody else takes it. */
export const commandReceiverRemoved: CompatRule = {
  id: 'command-receiver-removed',
  title: 'A command that somebody sends has its receiver.',
  why: 'The command is stored and accepted by the broker, and nobody ever does what it asks for.',
  fix: 'Stop the senders first; take the receiver out when its queue is empty.',
  requirements: ['TD-45', 'TD-82'],
  mirror: 'command-sender-removed',
  *judge(change, revisions) {
    if (!isNoun(change, 'receiver', 'removed')) return;
    const command = nameIn(change.subject);
    const receiver = nameIn(change.subject, 'receiver');
    const left = revisions.after.commands.get(command)?.receivers ?? [];
    const feature = change.features[0] ?? '';
    const queue = commandQueueName(receiver);
    const gone = reached(revisions, [[receiver, feature, `received command "${command}"`]]);
    if (left.length > 0) {
      yield notice(this, change, {
        message: `command "${command}" goes to ${quoted(new Set(left.map(({ service }) => service)))} only, no longer to "${receiver}".`,
        fix: `Let queue "${queue}" run empty before "${receiver}" is deployed without its handler.`,
        order: 'writer-first',
        readers: [receiver],
        affected: gone,
      });
      return;
    }
    const senders = sendersOf(revisions, command);
    yield breaking(this, change, {
      message: `command "${command}" has no receiver any more; "${receiver}" no longer takes it from queue "${queue}", and ${quoted(servicesIn(senders))} may still send it.`,
      order: 'writer-first',
      writers: servicesIn(senders),
      readers: [receiver],
      affected: together(senders, gone),
      breaksStored: true,
    });
  },
};
