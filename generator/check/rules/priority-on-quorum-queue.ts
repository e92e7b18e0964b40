import { channelBindings, channelsOf, sendPriority } from '../../model/channel-bindings.js';
import type { Channel, Model } from '../../model/types.js';
import type { Rule } from '../rule.js';

/** A binding that asks for a quorum queue and for priorities. */
export const priorityOnQuorumQueue: Rule = {
  id: 'priority-on-quorum-queue',
  severity: 'warning',
  title: 'Priorities are asked of queues that have them.',
  why: 'Quorum queues of RabbitMQ 3 refuse "x-max-priority", those of 4 tell two levels apart. A classic queue is declared, and it lies on one node only: its messages wait while that node is away.',
  fix: 'Take the priorities out, or send urgent messages through an exchange and a service of their own.',
  requirements: ['SE-63'],
  *check(model) {
    for (const channel of channelsOf(model)) {
      const { queueType, priorityMax } = channelBindings(channel);
      const priority = priorityMax ?? highest(model, channel);
      if (queueType !== 'quorum' || priority === undefined) continue;
      yield {
        at: channel.at,
        message: `channel "${channel.id}" asks for a quorum queue and for priorities up to ${priority}; the queue will be a classic one.`,
        subject: `channel:${channel.id} priority`,
        fix: 'take out x-max-priority and priority, or write x-queue-type: classic.',
      };
    }
  },
};

function highest(model: Model, channel: Channel): number | undefined {
  const priorities = [...model.messages.values()]
    .filter((message) => message.channels.includes(channel))
    .flatMap((message) => sendPriority(message) ?? []);
  const most = Math.max(0, ...priorities);
  return most === 0 ? undefined : most;
}
