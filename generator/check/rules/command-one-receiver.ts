import type { Rule } from '../rule.js';
import { quoted } from '../wording.js';

/** Compares the receivers that different features give to one command. */
export const commandOneReceiver: Rule = {
  id: 'command-one-receiver',
  severity: 'error',
  title: 'A command has exactly one receiver.',
  why: 'A command asks one service to do something. With two receivers it is done twice, or by whichever takes it from the queue first.',
  fix: 'Keep one receiver, or make it an event.',
  requirements: ['DH-18'],
  *check(model) {
    for (const command of model.commands.values()) {
      const services = [...new Set(command.receivers.map((receiver) => receiver.service))];
      if (services.length < 2) continue;
      const [first, ...others] = command.receivers;
      yield {
        at: first?.at ?? command.at,
        message: `command "${command.name}" has ${services.length} receivers: ${quoted(services)}.`,
        subject: `command:${command.name}`,
        related: others.map((each) => ({ at: each.at, message: `receiver "${each.service}"` })),
        fix: `keep one receiver, or move "${command.name}" to events: with these services as consumers.`,
      };
    }
  },
};
