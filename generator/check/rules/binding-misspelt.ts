import { nearest } from '../../diagnostics/nearest.js';
import { bindingOf, channelsOf, queueArgumentsOf } from '../../model/channel-bindings.js';
import type { Rule } from '../rule.js';

/** Arguments of queues that RabbitMQ knows: https://www.rabbitmq.com/docs/queues#optional-arguments */
const known = [
  'x-message-ttl',
  'x-max-priority',
  'x-queue-type',
  'x-max-length',
  'x-max-length-bytes',
  'x-max-in-memory-length',
  'x-expires',
  'x-overflow',
  'x-dead-letter-exchange',
  'x-dead-letter-routing-key',
  'x-dead-letter-strategy',
  'x-delivery-limit',
  'x-single-active-consumer',
  'x-queue-mode',
  'x-queue-master-locator',
  'x-quorum-initial-group-size',
];

/** Members of the binding and of its queue that the AsyncAPI specification names. */
const specified = [
  'is',
  'exchange',
  'queue',
  'bindingVersion',
  'name',
  'durable',
  'exclusive',
  'autoDelete',
  'vhost',
  'arguments',
];

/** Names in AMQP bindings that RabbitMQ ignores and that look like ones it knows. */
export const bindingMisspelt: Rule = {
  id: 'binding-misspelt',
  severity: 'warning',
  title: 'Arguments of a queue bear the names that the broker knows.',
  why: 'RabbitMQ ignores an argument that it does not know: a queue with "message-ttl" keeps its messages for ever, and nothing tells.',
  fix: 'Write the name that the broker knows.',
  requirements: ['SE-63', 'EP-27'],
  *check(model) {
    for (const channel of channelsOf(model)) {
      const written = new Set(queueArgumentsOf(channel).flatMap((place) => Object.keys(place)));
      for (const name of written) {
        if (known.includes(name) || specified.includes(name)) continue;
        // What begins with "x-" may be somebody's own; what lacks the "x-" of a known argument is meant to be that.
        const guess = known.find((each) => each === `x-${dashed(name)}`) ?? nearest(name, known);
        if (guess === undefined) continue;
        yield {
          at: channel.at,
          message: `channel "${channel.id}" has "${name}" in its AMQP binding, which RabbitMQ ignores.`,
          subject: `channel:${channel.id} ${name}`,
          fix: `write "${guess}" in ${'queue' in bindingOf(channel, 'amqp') ? 'bindings.amqp.queue.arguments' : 'bindings.amqp'}.`,
        };
      }
    }
  },
};

/** `messageTtl` -> `message-ttl`. */
function dashed(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}
