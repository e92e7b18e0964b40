import { channelsOf } from '../../model/channel-bindings.js';
import type { Channel } from '../../model/types.js';
import type { Rule } from '../rule.js';

/** Two channels that name one exchange and give it two types. */
export const exchangeKindDiffers: Rule = {
  id: 'exchange-kind-differs',
  severity: 'error',
  title: 'An exchange has one type, whichever document speaks of it.',
  why: 'The broker keeps the type that was declared first and closes the connection of whoever declares another one: the second service does not start.',
  fix: 'Write the same type in every binding of the exchange.',
  requirements: ['DH-12', 'DH-19', 'SE-63'],
  *check(model) {
    const first = new Map<string, Channel>();
    for (const channel of channelsOf(model)) {
      const { name, kind } = channel.exchange;
      const known = first.get(name);
      if (known === undefined) {
        first.set(name, channel);
        continue;
      }
      if (known.exchange.kind === kind) continue;
      yield {
        at: channel.at,
        message: `exchange "${name}" is ${kind} for channel "${channel.id}" and ${known.exchange.kind} for channel "${known.id}".`,
        subject: `exchange:${name} channel:${channel.id}`,
        related: [{ at: known.at, message: `"${known.id}"` }],
        fix: `write exchange: { name: ${name}, type: ${known.exchange.kind} } in bindings.amqp of "${channel.id}", or the other type in both.`,
      };
    }
  },
};
