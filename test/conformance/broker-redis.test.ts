import { Redis } from 'ioredis';
import { redisBroker } from '../../runtime/brokers/redis.js';
import { systemClock } from '../../runtime/clock.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';
import { brokerConformance } from './broker.js';
import { redisTests } from './redis/broker.js';
import { forget, ownPrefix, until } from './redis/under-test.js';

const server = await atHand(serverKinds.redis);

describeWith('redis', server, (url) => {
  brokerConformance('redis', {
    capabilities: {
      // The server on the usual port may keep an append-only file or not.
      get persistent() {
        return keepsData;
      },
      unroutableDetected: true,
      orderPerKey: true,
      delayedRetry: true,
      competingConsumers: true,
    },
    make: () => underTest(url),
  });
  redisTests(url);
});

const keepsData = 'url' in server && (await asked(server.url));

async function asked(url: string): Promise<boolean> {
  const client = new Redis(url);
  const facts = await client.info('persistence');
  client.disconnect();
  return facts.includes('aof_enabled:1');
}

async function underTest(url: string) {
  const prefix = ownPrefix();
  const open = () => redisBroker(`${url}?prefix=${prefix}&leaseMs=1500`);
  const clients = [await open()];
  return {
    broker: clients[0] as Awaited<ReturnType<typeof open>>,
    clock: systemClock,
    until,
    connect: async () => {
      const broker = await open();
      clients.push(broker);
      return { broker, kill: () => broker.abort() };
    },
    dispose: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await forget(url, prefix);
    },
  };
}
