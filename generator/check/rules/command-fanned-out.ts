import { channelNamed } from '../../model/channel-bindings.js';
import type { Rule } from '../rule.js';

/** Commands whose channel is bound to a fan-out exchange. */
export const commandFannedOut: Rule = {
  id: 'command-fanned-out',
  severity: 'error',
  title: 'A command travels to one queue.',
  why: 'A fan-out exchange hands every message to every queue: all services get the order, and those that do not know it count it as foreign.',
  fix: 'Bind the channel to a direct exchange, or leave the binding out.',
  requirements: ['DH-18', 'DH-19'],
  *check(model) {
    for (const command of model.commands.values()) {
      const channel = channelNamed(model, command.message, command.channel);
      if (channel === undefined || !('amqp' in channel.definition.bindings) || channel.exchange.kind !== 'fanout')
        continue;
      yield {
        at: channel.at,
        message: `command "${command.name}" travels by the fan-out exchange "${channel.exchange.name}".`,
        subject: `command:${command.name}`,
        related: [{ at: command.at, message: 'the command' }],
        fix: 'write type: direct at the exchange of the AMQP binding.',
      };
    }
  },
};
