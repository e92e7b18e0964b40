import type { Subscription } from './brokers/broker.js';
import type { Consumer } from './consume/consumer.js';
import type { Parts } from './parts.js';
import { consumerQueue } from './service-queue.js';
import type { Transaction } from './stores/store.js';

/** Slows the intake of a service down while too many of its messages wait in the store. */
export interface BackPressure {
  /** A message of this consumer was parked. */
  parked(consumer: Consumer): Promise<void>;
  /** Parked messages of these consumers were looked at, and some may have gone. */
  looked(consumers: readonly Consumer[]): Promise<void>;
}

/**
 * Pauses the subscription to a consumer's queue while the consumer has `maxParked` messages waiting; they stay in the broker, none is lost.
 *
 * Each look lets the subscription run on until the next message has to be parked: what the parked ones wait for may stand behind in the same queue,
 * and a full stop would then never end. So the bound is exceeded by at most the messages in flight per look, not by the whole queue.
 */
export function createBackPressure(
  parts: Parts,
  maxParked: number,
  subscription: (queue: string) => Subscription | undefined,
): BackPressure {
  /** Names of queues. */
  const paused = new Set<string>();

  async function count(tx: Transaction, { definition: { name } }: Consumer): Promise<number> {
    const waiting = await tx.countParked(name);
    parts.telemetry.gauge('seamwright.parked.waiting', waiting, { consumer: name });
    return waiting;
  }

  async function tellAge(tx: Transaction, { definition: { name } }: Consumer): Promise<void> {
    const [oldest] = await tx.listParked({ consumer: name, limit: 1 });
    const seconds = oldest === undefined ? 0 : Math.max(parts.clock.now() - oldest.parkedAt, 0) / 1000;
    parts.telemetry.gauge('seamwright.parked.oldest_age', seconds, { consumer: name });
  }

  return {
    async parked(consumer) {
      const queue = consumerQueue(parts.definition, consumer.definition).name;
      const waiting = await parts.store.transaction((tx) => count(tx, consumer));
      if (waiting < maxParked || paused.has(queue)) return;
      paused.add(queue);
      subscription(queue)?.pause();
      parts.telemetry.count('seamwright.backpressure.pauses', { consumer: consumer.definition.name });
      parts.log.error({ consumer: consumer.definition.name, maxParked }, 'too many messages wait: intake slowed down');
    },
    async looked(consumers) {
      if (consumers.length === 0) return;
      await parts.store.transaction(async (tx) => {
        for (const consumer of consumers) {
          await count(tx, consumer);
          await tellAge(tx, consumer);
        }
      });
      for (const queue of paused) {
        paused.delete(queue);
        subscription(queue)?.resume();
      }
    },
  };
}
