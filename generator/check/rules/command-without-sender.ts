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
    for (const command of model.commands.values()) {
      if (command.senders.length > 0) continue;
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
