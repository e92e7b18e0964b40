import { sagaParts } from '../../model/sagas/parts.js';
import type { Rule } from '../rule.js';

/** Commands that name no sender and that no saga sends. */
export const commandWithoutSender: Rule = {
  id: 'command-without-sender',
  severity: 'warning',
  title: 'Every command is sent by somebody.',
  why: 'The receiver waits for an order that never comes, and an answer to it would be heard by nobody.',
  fix: 'Name the sender, or take the command out.',
  requirements: ['DH-18', 'DH-21'],
  *check(model) {
    const sent = new Set(sagaParts(model).flatMap((part) => part.sends));
    for (const command of model.commands.values()) {
      if (command.senders.length > 0 || sent.has(command.name)) continue;
      const answer = command.reply === undefined ? '' : `, and its answer "${command.reply}" goes nowhere`;
      yield {
        at: command.at,
        message: `command "${command.name}" has no sender${answer}.`,
        subject: `command:${command.name}`,
        fix: 'write sender: <service>.',
      };
    }
  },
};
