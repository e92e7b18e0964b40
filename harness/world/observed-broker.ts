import type { Broker, Delivery } from '../../runtime/brokers/broker.js';
import { deadLetterHeaders } from '../../runtime/brokers/dead-letter.js';
import type { MemoryConnection } from '../../runtime/brokers/memory.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { UnavailableError } from '../../runtime/errors.js';
import { decode, messageType } from '../../runtime/wire.js';
import type { Seen } from '../history.js';
import { stepOf } from '../plan.js';
import type { Incarnation } from './death.js';
import type { PointName, PublishFault } from './hooks.js';

/** What the broker connection of one life of a service tells the world. */
export interface BrokerWatch {
  readonly life: Incarnation;
  seen(step: string | undefined, seen: Seen): void;
  reach(point: PointName, step: string | undefined): Promise<void>;
  publishing(message: WireMessage, step: string | undefined): PublishFault | undefined;
}

/** A connection that takes down what goes over it, and where a process can die. */
export function observedBroker(connection: MemoryConnection, watch: BrokerWatch): Broker {
  const { life } = watch;
  life.atDeath(() => void connection.close());

  const publish: Broker['publish'] = async (address, given) => {
    const step = stepOfWire(given);
    const fault = watch.publishing(given, step);
    const message = typeof fault === 'object' ? fault.replace : given;
    const facts = { messageId: given.headers['ce-id'] ?? '', type: messageType(given) ?? '' };
    await life.alive(watch.reach('publishing', step));
    try {
      if (fault === 'refuse') throw new UnavailableError('the broker');
      await life.alive(connection.publish(address, message));
    } catch (error) {
      watch.seen(step, { kind: 'publish-failed', ...facts, error: String(error) });
      throw error;
    }
    const decoded = decode(message);
    watch.seen(step, {
      kind: 'published',
      ...facts,
      exchange: address.exchange,
      key: address.key,
      envelope: decoded.ok ? decoded.envelope : undefined,
    });
    await life.alive(watch.reach('published', step));
    if (fault === 'lose-confirm') throw new UnavailableError('the broker');
  };

  const subscribe: Broker['subscribe'] = (queue, options, receive) =>
    life.alive(
      connection.subscribe(queue, options, async (delivery) => {
        const step = stepOfWire(delivery.message);
        const facts = factsOf(delivery);
        watch.seen(step, { kind: 'delivered', ...facts, attempt: delivery.attempt });
        await life.alive(watch.reach('delivered', step));
        await life.alive(receive(observedDelivery(delivery, step, watch)));
      }),
    );

  return new Proxy(connection, {
    get(target, name) {
      if (name === 'publish') return publish;
      if (name === 'subscribe') return subscribe;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        return result instanceof Promise ? life.alive(result) : result;
      };
    },
  });
}

function observedDelivery(delivery: Delivery, step: string | undefined, watch: BrokerWatch): Delivery {
  const facts = factsOf(delivery);
  const settle = async (settled: Seen, run: () => Promise<void>): Promise<void> => {
    await watch.life.alive(watch.reach('settling', step));
    await watch.life.alive(run());
    watch.seen(step, settled);
    await watch.life.alive(watch.reach('settled', step));
  };
  return {
    ...{ message: delivery.message, queue: delivery.queue, attempt: delivery.attempt },
    ack: () => settle({ kind: 'settled', ...facts, how: 'acked' }, () => delivery.ack()),
    retry: (delayMs) => settle({ kind: 'settled', ...facts, how: 'retried', delayMs }, () => delivery.retry(delayMs)),
    deadLetter: (headers) => {
      const reason = headers[deadLetterHeaders.reason];
      return settle({ kind: 'settled', ...facts, how: 'dead-lettered', ...(reason !== undefined && { reason }) }, () =>
        delivery.deadLetter(headers),
      );
    },
  };
}

function factsOf({ message, queue }: Delivery): {
  readonly queue: string;
  readonly messageId: string;
  readonly type: string;
} {
  return { queue, messageId: message.headers['ce-id'] ?? '', type: messageType(message) ?? '' };
}

/** Step of the plan that a message follows from, by its correlation id. */
export function stepOfWire(message: WireMessage): string | undefined {
  return stepOf(message.headers['ce-correlationid']);
}
