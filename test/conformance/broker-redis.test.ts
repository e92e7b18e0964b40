import { expect, it } from 'vitest';
import { redisServer } from '../../harness/live/servers/redis.js';
import { type RedisBroker, redisBroker } from '../../runtime/brokers/redis.js';
import { systemClock } from '../../runtime/clock.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';
import { brokerConformance } from './broker.js';

const capabilities = {
  unroutableDetected: true,
  orderPerKey: true,
  delayedRetry: true,
  competingConsumers: true,
};

describeWith('redis', await atHand(serverKinds.redis), (url) => {
  brokerConformance('redis', {
    capabilities: { ...capabilities, persistent: false },
    make: () => underTest(url),
  });
});

async function underTest(url: string) {
  const prefix = `test-${globalThis.crypto.randomUUID()}`;
  const own = `${url}?prefix=${prefix}&leaseMs=900`;
  const clients: RedisBroker[] = [];
  const connect = async () => {
    const broker = await redisBroker(own);
    clients.push(broker);
    return broker;
  };
  return {
    broker: await connect(),
    clock: systemClock,
    until,
    connect: async () => {
      const broker = await connect();
      return { broker, kill: () => broker.abort() };
    },
    dispose: async () => {
      for (const client of clients) await client.close();
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('the condition did not come true');
    await systemClock.sleep(2);
  }
}
