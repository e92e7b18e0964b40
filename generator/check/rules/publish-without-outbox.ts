import type { Rule } from '../rule.js';

/** Events and commands with `outbox: false`. At-most-once events say openly that they may be lost. */
export const publishWithoutOutbox: Rule = {
  id: 'publish-without-outbox',
  severity: 'warning',
  title: 'Messages leave through the outbox, in the transaction of the change they tell.',
  why: 'Between the commit and the publish the process can die: the row is changed and nobody is ever told. Publishing first tells of changes that were rolled back.',
  fix: 'Leave `outbox` on.',
  requirements: ['TD-87', 'DH-14'],
  *check(model) {
    for (const event of model.events.values()) {
      if (event.outbox || event.delivery === 'at-most-once') continue;
      yield {
        at: event.at,
        message: `event "${event.name}" of "${event.publisher}" is published without the outbox.`,
        subject: `event:${event.name}`,
        fix: 'take outbox: false out, or write delivery: at-most-once if a lost event does no harm.',
      };
    }
    for (const command of model.commands.values()) {
      if (command.outbox) continue;
      yield {
        at: command.at,
        message: `command "${command.name}" is sent without the outbox.`,
        subject: `command:${command.name}`,
        fix: 'take outbox: false out.',
      };
    }
  },
};
