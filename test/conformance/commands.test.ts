import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import type { Broker } from '../../runtime/brokers/broker.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { natsBroker } from '../../runtime/brokers/nats.js';
import { redisBroker } from '../../runtime/brokers/redis.js';
import { systemClock } from '../../runtime/clock.js';
import { openOffice, type ReceiptSent } from '../runtime/commands/office.js';
import { type AtHand, atHand, describeWith, serverKinds } from './at-hand.js';
import { kafkaAtHand, kafkaUnderTest } from './kafka/under-test.js';
import { removeQueues } from './nats/under-test.js';
import { rabbitmqUnderTest } from './rabbitmq/under-test.js';
import { forget, ownPrefix, until } from './redis/under-test.js';

/** Two clients of one broker, and how to leave it as it was. */
interface Place {
  readonly sending: Broker;
  readonly receiving: Broker;
  leave(): Promise<void>;
}

const kafka = await kafkaAtHand();
afterAll(() => kafka.mock?.dispose());

const places: readonly {
  readonly name: string;
  readonly server: AtHand;
  readonly open: (url: string, prefix: string) => Promise<Place>;
}[] = [
  {
    name: 'memory',
    server: { url: 'memory:' },
    async open() {
      const broker = memoryBroker();
      return { sending: broker, receiving: broker.connect(), leave: () => broker.close() };
    },
  },
  {
    name: 'rabbitmq',
    server: await atHand(serverKinds.rabbitmq),
    async open(url) {
      const under = await rabbitmqUnderTest(url, { orderPerKey: false });
      return { sending: under.broker, receiving: (await under.connect()).broker, leave: () => under.dispose() };
    },
  },
  {
    name: 'nats',
    server: await atHand(serverKinds.nats),
    async open(url, prefix) {
      const [sending, receiving] = [await natsBroker(url), await natsBroker(url)];
      return {
        ...{ sending, receiving },
        async leave() {
          await Promise.all([sending.close(), receiving.close()]);
          await removeQueues(url, new RegExp(`^${prefix}`));
        },
      };
    },
  },
  {
    name: 'kafka',
    server: kafka,
    async open(url) {
      const under = await kafkaUnderTest(url);
      return { sending: under.broker, receiving: (await under.connect()).broker, leave: () => under.dispose() };
    },
  },
  {
    name: 'redis',
    server: await atHand(serverKinds.redis),
    async open(url) {
      const prefix = ownPrefix();
      const client = () => redisBroker(`${url}?prefix=${prefix}`);
      const [sending, receiving] = [await client(), await client()];
      return {
        ...{ sending, receiving },
        async leave() {
          await Promise.all([sending.close(), receiving.close()]);
          await forget(url, prefix);
        },
      };
    },
  },
];

for (const { name, server, open } of places) {
  describeWith(`commands on ${name}`, server, (url) => {
    it('come to one receiver, now or later, are answered, and are left alone after their deadline', async () => {
      const prefix = `${randomUUID().slice(0, 8)}_`;
      const place = await open(url, prefix);
      const startedAt = systemClock.now();
      const handled: { readonly receiptId: string; readonly atMs: number }[] = [];
      const answered: string[] = [];
      const shared = {
        ...{ broker: place.sending, receiving: place.receiving, prefix },
        onReceiptSent: async ({ event }: { readonly event: ReceiptSent }) => void answered.push(event.receiptId),
      };
      const office = openOffice({
        ...{ ...shared, clock: systemClock },
        onSendReceipt: async ({ event: { receiptId } }) => {
          handled.push({ receiptId, atMs: systemClock.now() - startedAt });
          return { receiptId, by: 'mail' };
        },
      });
      // A sender whose clock is an hour behind: its commands are too old when they leave.
      const behind = { ...systemClock, now: () => systemClock.now() - 3_600_000 };
      const late = openOffice({
        ...{ ...shared, clock: behind, validForMs: 1_000 },
        onSendReceipt: async () => ({ receiptId: '', by: '' }),
      }).sales;
      const services = [...office.notification, office.sales, late];
      for (const service of services) await service.start();
      const now = ['r1', 'r2', 'r3', 'r4'];
      await office.sales.transaction(async (tx) => {
        await tx.send.SendReceipt({ receiptId: 'later', to: 'ada' }, { delayMs: 1_000 });
        for (const receiptId of now) await tx.send.SendReceipt({ receiptId, to: 'ada' });
      });
      await late.transaction((tx) => tx.send.SendReceipt({ receiptId: 'too late', to: 'ada' }));
      await until(() => handled.length >= 5 && answered.length >= 5);
      const letters = () => place.receiving.admin.deadLetters(office.queues.notification, { limit: 10 });
      await until(async () => (await letters()).length > 0);
      for (const service of services) await service.stop();
      expect(handled.map(({ receiptId }) => receiptId).sort()).toEqual(['later', ...now]);
      expect(answered.sort()).toEqual(['later', ...now]);
      expect(handled.find(({ receiptId }) => receiptId === 'later')?.atMs).toBeGreaterThanOrEqual(1_000);
      expect((await letters()).map(({ headers }) => headers['sw-reason'])).toEqual(['deadline-passed']);
      await place.leave();
    });
  });
}
