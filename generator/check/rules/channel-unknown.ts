import type { Rule } from '../rule.js';
import { meant } from '../wording.js';

/** `channel:` of an event or command must be the id or the address of a channel that carries its message. */
export const channelUnknown: Rule = {
  id: 'channel-unknown',
  severity: 'error',
  title: 'A channel that is named exists and carries the message.',
  why: 'The message would be published to an address that no document describes and no queue is bound to.',
  fix: 'Correct the name, or add the message to the channel.',
  requirements: ['DH-12', 'DH-19'],
  *check(model) {
    const named = [
      ...[...model.events.values()].map((event) => ({ ...event, kind: 'event' })),
      ...[...model.commands.values()].map((command) => ({ ...command, kind: 'command' })),
    ];
    for (const { kind, name, channel, message, at } of named) {
      const known = model.messages.get(message)?.channels;
      if (channel === undefined || known === undefined) continue;
      if (known.some((each) => each.id === channel || each.address === channel)) continue;
      yield {
        at,
        message: `${kind} "${name}" goes through channel "${channel}", which does not carry "${message}".`,
        subject: `${kind}:${name} channel:${channel}`,
        fix: meant(
          channel,
          known.map((each) => each.id),
          `add "${message}" to the messages of channel "${channel}"`,
        ),
      };
    }
  },
};
