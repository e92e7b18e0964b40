import type { Channel, Model } from '../../model/types.js';
import type { Rule } from '../rule.js';

/** Redis pub/sub and WebSocket deliver to whoever is connected at that moment; MQTT at QoS 0 the same. Redis Streams do not. */
export const pubsubAtMostOnce: Rule = {
  id: 'pubsub-at-most-once',
  severity: 'error',
  title: 'An event that must arrive does not travel over a channel that may lose it.',
  why: 'Publish/subscribe keeps nothing: a consumer that restarts misses what was sent meanwhile, and nothing tells either side.',
  fix: 'Use a stream or a queue, or say `delivery: at-most-once`.',
  requirements: ['TD-93', 'TD-35', 'SE-25'],
  *check(model) {
    for (const event of model.events.values()) {
      const message = model.messages.get(event.message);
      const channels = message?.channels.filter((channel) => channel.protocols.length > 0) ?? [];
      if (event.delivery === 'at-most-once' || channels.length === 0) continue;
      const [channel] = channels;
      if (channel === undefined || !channels.every((each) => forgets(model, each))) continue;
      yield {
        at: event.at,
        message: `event "${event.name}" asks for ${event.delivery}, but its channel "${channel.id}" (${channel.protocols.join(', ')}) delivers at most once.`,
        subject: `event:${event.name}`,
        // A document alone cannot say `delivery`: at-least-once is then a default that nobody asked for.
        ...(event.from === 'operations' && { severity: 'warning' as const }),
        related: [{ at: channel.at, message: 'the channel' }],
        fix: 'use a stream (bindings: { redis: { x-delivery: stream } }) or a queue, or write delivery: at-most-once and let consumers catch up by a call.',
      };
    }
  },
};

function forgets(model: Model, channel: Channel): boolean {
  return channel.protocols.every((protocol) => {
    if (protocol === 'redis' || protocol === 'rediss')
      return model.settings.broker.kind !== 'redis' && !says(channel, 'redis', 'stream');
    if (protocol === 'mqtt' || protocol === 'mqtt5' || protocol === 'secure-mqtt') return says(channel, 'mqtt', 0);
    return protocol === 'ws' || protocol === 'wss';
  });
}

/** Whether a binding of the channel holds a value at its top level: `{redis: {x-delivery: stream}}`, `{mqtt: {qos: 0}}`. */
function says(channel: Channel, protocol: string, value: unknown): boolean {
  const binding = channel.definition.bindings[protocol];
  return typeof binding === 'object' && binding !== null && Object.values(binding).includes(value);
}
