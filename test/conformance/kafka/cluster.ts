import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from '../../../harness/live/servers/server.js';
import type { Delivery, Queue } from '../../../runtime/brokers/broker.js';
import { kafkaAddress } from '../../../runtime/brokers/kafka/address.js';
import { KafkaClient } from '../../../runtime/brokers/kafka/client.js';
import { kafkaDriver } from '../../../runtime/brokers/kafka/driver.js';
import { committedOffsets } from '../../../runtime/brokers/kafka/log-reader.js';
import { ownTopic } from '../../../runtime/brokers/kafka/topic-name.js';
import { kafkaTopics } from '../../../runtime/brokers/kafka/topics.js';
import { type KafkaBroker, kafkaBroker } from '../../../runtime/brokers/kafka.js';
import { brokerFor } from '../../../runtime/brokers/registry.js';
import { systemClock } from '../../../runtime/clock.js';
import type { WireMessage } from '../../../runtime/envelope.js';
import { UnavailableError, UnroutableError } from '../../../runtime/errors.js';
import { mortal, until } from './under-test.js';

/** What only Kafka can get wrong: groups, offsets, rebalances, positions, names. Each group of tests stands alone and runs beside the others. */
export const kafkaParts: Readonly<Record<string, (url: string) => void>> = {
  'a topology in Kafka': (url) => {
    const { broker, declared, run } = around(url);

    it('is made of exactly the topics that are announced', async () => {
      const client = await clientOf(url);
      const topicsNow = async () =>
        new Set((await client.ask((cluster) => cluster.metadata())).topicMetadata.map(({ topic }) => topic));
      const queue = { ...queueNamed(`${run()}.q`), bindings: [{ exchange: `${run()}.events`, key: '#' }] };
      const topology = { exchanges: [{ name: `${run()}.events`, kind: 'topic' as const }], queues: [queue] };
      const announced = kafkaTopics(topology).map(({ topic }) => topic);
      await broker().declare(topology);
      const made = [...(await topicsNow())].filter((topic) => topic.startsWith(run()));
      expect(made.sort()).toEqual(announced.filter((topic) => topic.startsWith(run())));
      expect([...(await topicsNow())]).toEqual(expect.arrayContaining([...announced]));
      await client.close();
    });

    it('takes names that no topic may have, and keeps them apart', async () => {
      const names = [`${run()} ä/'"; drop`, `${run()} ö/'"; drop`, `${run()}${'x'.repeat(300)}`];
      const queues = names.map((name) => queueNamed(name));
      await broker().declare({ exchanges: [], queues });
      for (const name of names) await broker().publish({ exchange: '', key: name }, message(name));
      const seen = new Map<string, string[]>();
      for (const name of names) {
        await broker().subscribe(name, { prefetch: 5 }, async (delivery) => {
          seen.set(name, [...(seen.get(name) ?? []), textOf(delivery)]);
          await delivery.ack();
        });
      }
      await until(() => seen.size === names.length);
      expect([...seen].sort()).toEqual(names.map((name) => [name, [name]]).sort());
    });

    it('gives a queue what is published from its declaration on, connected or not, and nothing older', async () => {
      const events = { name: `${run()}.events`, kind: 'topic' as const };
      await broker().declare({ exchanges: [events], queues: [] });
      await broker().publish({ exchange: events.name, key: 'a' }, message('before'));
      const queue = { ...queueNamed(`${run()}.late`), bindings: [{ exchange: events.name, key: '#' }] };
      await broker().declare({ exchanges: [events], queues: [queue] });
      await broker().publish({ exchange: events.name, key: 'a' }, message('after'));
      const other = await kafkaBroker(url);
      const seen: string[] = [];
      await other.subscribe(queue.name, { prefetch: 5 }, async (delivery) => {
        seen.push(textOf(delivery));
        await delivery.ack();
      });
      await until(() => seen.length > 0);
      expect(seen).toEqual(['after']);
      await other.close();
    });

    it('refuses a message to an unknown queue', async () => {
      const nobody = { exchange: '', key: `${run()}.nobody` };
      await expect(broker().publish(nobody, message('m'))).rejects.toBeInstanceOf(UnroutableError);
    });

    it('says with which command a missing topic is made', async () => {
      const queue = { ...queueNamed(`${run()} it's`), partitions: 3 };
      const [missing] = await broker().admin.diff({ exchanges: [], queues: [queue] });
      expect(missing?.command).toContain(`--create --topic ${ownTopic(queue.name).slice(0, 8)}`);
      expect(missing).toMatchObject({ kind: 'missing', resource: 'topic' });
    });

    it('asks for more partitions where there are too few', async () => {
      const queue = await declared();
      const differences = await broker().admin.diff({ exchanges: [], queues: [{ ...queue, partitions: 50 }] });
      expect(differences.map(({ kind, name }) => `${kind} ${name}`)).toContain(`different ${ownTopic(queue.name)}`);
      expect(differences[0]?.command).toContain('--partitions 50');
    });
  },

  'a cluster that is away': (url) => {
    const { declared } = around(url);

    it('is said to be, soon and without the password', async () => {
      const started = systemClock.now();
      const asked = kafkaBroker(`kafka://me:hunter2@127.0.0.1:${await freePort()},127.0.0.1:${await freePort()}`);
      const error = await asked.then(
        () => undefined,
        (failure: unknown) => failure,
      );
      expect(error).toBeInstanceOf(UnavailableError);
      expect(systemClock.now() - started).toBeLessThan(20_000);
      expect([String(error), String((error as Error).cause), (error as Error).stack].join()).not.toContain('hunter2');
    });

    it('is reached by a URL that lists hosts of which one is there', async () => {
      const { brokers } = kafkaAddress(url);
      const reached = await brokerFor(`kafka://127.0.0.1:${await freePort()},${brokers.join(',')}`);
      expect(reached.kind).toBe('kafka');
      await reached.close();
    });

    it('leaves a consumer what it holds when its connections break for a moment', async () => {
      const queue = await declared();
      const client = await mortal(url);
      const held: Delivery[] = [];
      await client.broker.subscribe(queue.name, { prefetch: 1 }, async (delivery) => void held.push(delivery));
      await client.broker.publish({ exchange: '', key: queue.name }, message('m1'));
      await until(() => held.length === 1);
      await client.kill();
      client.revive();
      await held[0]?.ack();
      expect(await position(url, queue)).toBe(1);
      await client.broker.publish({ exchange: '', key: queue.name }, message('m2'));
      await until(() => held.length === 2);
      expect(held.map(textOf)).toEqual(['m1', 'm2']);
      await client.broker.close();
    });

    it('refuses a settlement in bounded time when it stays away', async () => {
      const queue = await declared();
      const client = await mortal(url);
      const held: Delivery[] = [];
      await client.broker.subscribe(queue.name, { prefetch: 1 }, async (delivery) => void held.push(delivery));
      await client.broker.publish({ exchange: '', key: queue.name }, message('m1'));
      await until(() => held.length === 1);
      await client.kill();
      await expect(held[0]?.ack()).rejects.toBeInstanceOf(UnavailableError);
      await client.broker.close();
    });

    it('refuses what is published, and takes and hands out the rest once it is back', async () => {
      const queue = await declared();
      const client = await mortal(url);
      const seen: string[] = [];
      await client.broker.subscribe(queue.name, { prefetch: 5 }, async (delivery) => {
        seen.push(textOf(delivery));
        await delivery.ack();
      });
      await client.broker.publish({ exchange: '', key: queue.name }, message('m1'));
      await until(() => seen.length === 1);
      await client.kill();
      const refused = client.broker.publish({ exchange: '', key: queue.name }, message('lost'));
      await expect(refused).rejects.toBeInstanceOf(UnavailableError);
      client.revive();
      await client.broker.publish({ exchange: '', key: queue.name }, message('m2'));
      await until(() => seen.includes('m2'));
      expect(seen).toEqual(['m1', 'm2']);
      await client.broker.close();
    });
  },

  'positions of a group': (url) => {
    const { broker, declared } = around(url);

    it('never pass a message that is not settled', async () => {
      const queue = await declared();
      for (let index = 0; index < 10; index++) await send(broker(), queue, `m${index}`);
      const held: Delivery[] = [];
      await broker().subscribe(queue.name, { prefetch: 10 }, async (delivery) => void held.push(delivery));
      await until(() => held.length === 10);
      for (const delivery of held) if (textOf(delivery) !== 'm4') await delivery.ack();
      expect(await position(url, queue)).toBe(4);
      await held.find((delivery) => textOf(delivery) === 'm4')?.ack();
      expect(await position(url, queue)).toBe(10);
    });

    it('leave settled messages out when the consumer comes back, even behind one that was not', async () => {
      const queue = await declared();
      for (let index = 0; index < 6; index++) await send(broker(), queue, `m${index}`);
      const first = await kafkaBroker(url);
      const held: Delivery[] = [];
      await first.subscribe(queue.name, { prefetch: 6 }, async (delivery) => void held.push(delivery));
      await until(() => held.length === 6);
      for (const delivery of held) if (textOf(delivery) !== 'm1') await delivery.ack();
      await first.close();
      await send(broker(), queue, 'm6');
      const seen: string[] = [];
      await broker().subscribe(queue.name, { prefetch: 6 }, async (delivery) => {
        seen.push(`${textOf(delivery)} ${delivery.attempt}`);
        await delivery.ack();
      });
      await until(() => seen.length === 2);
      expect(seen).toEqual(['m1 2', 'm6 1']);
    });
  },

  'a message that kills its process': (url) => {
    const { broker, declared } = around(url);

    it('ends in the dead letters, and the one behind it is handled', async () => {
      const queue = await declared({ maxDeliveries: 2 });
      await broker().publish({ exchange: '', key: queue.name, partitionKey: 'k' }, message('poison'));
      for (let death = 1; death <= 2; death++) {
        const victim = await mortal(url);
        let attempt = 0;
        await victim.broker.subscribe(queue.name, { prefetch: 1 }, (delivery) => {
          attempt = delivery.attempt;
          // As when the process ends here: nothing is settled, nobody says goodbye.
          return new Promise(() => {});
        });
        await until(() => attempt > 0);
        expect(attempt).toBe(death);
        await victim.kill();
        void victim.broker.close();
      }
      await broker().publish({ exchange: '', key: queue.name, partitionKey: 'k' }, message('healthy'));
      const seen: string[] = [];
      await broker().subscribe(queue.name, { prefetch: 1 }, async (delivery) => {
        seen.push(textOf(delivery));
        await delivery.ack();
      });
      await until(() => seen.length > 0);
      expect(seen).toEqual(['healthy']);
      const [letter] = await broker().admin.deadLetters(queue, { limit: 5 });
      expect(new TextDecoder().decode(letter?.body)).toBe('poison');
      expect(letter?.headers).toMatchObject({
        'sw-reason': 'delivery-limit',
        'sw-queue': queue.name,
        'sw-attempts': '2',
      });
    });
  },

  'consumers that come and go': (url) => {
    const { broker, declared } = around(url);

    it('lose nothing, keep each key in order, and repeat only what was not settled', async () => {
      const queue = await declared({ partitions: 4 });
      const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      const each = 60;
      const handedOut: string[] = [];
      const settled = new Set<string>();
      const repeatedAfterSettling: string[] = [];
      const receive = async (delivery: Delivery) => {
        const text = textOf(delivery);
        if (settled.has(text)) repeatedAfterSettling.push(text);
        handedOut.push(text);
        await systemClock.sleep(handedOut.length % 4);
        // Rejects when the group did not learn of it: then the message is not settled.
        await delivery.ack();
        settled.add(text);
      };
      const staying = await broker().subscribe(queue.name, { prefetch: 4 }, receive);
      let sent = 0;
      const publishing = (async () => {
        for (let index = 0; index < each; index++) {
          for (const key of keys) {
            await broker().publish({ exchange: '', key: queue.name, partitionKey: key }, message(`${key}:${index}`));
            sent++;
          }
          await until(() => settled.size >= sent - 100);
        }
      })();
      await until(() => settled.size > 100);
      const visitor = await kafkaBroker(url);
      let visited = 0;
      const visiting = await visitor.subscribe(queue.name, { prefetch: 4 }, (delivery) => {
        visited++;
        return receive(delivery);
      });
      await until(() => visited > 20);
      await visiting.stop();
      await visitor.close();
      await publishing;
      await until(() => settled.size === keys.length * each);
      await staying.stop();
      expect(repeatedAfterSettling).toEqual([]);
      for (const key of keys) {
        const firsts = [...new Set(handedOut.filter((text) => text.startsWith(`${key}:`)))];
        expect(firsts).toEqual(Array.from({ length: each }, (_, index) => `${key}:${index}`));
      }
    }, 60_000);
  },

  'a retried message': (url) => {
    const { broker, declared } = around(url);

    it('keeps its headers, its key and its count, and its key is still handed out one at a time', async () => {
      const queue = await declared({ partitions: 4 });
      let open = 0;
      let most = 0;
      const seen: string[] = [];
      await broker().subscribe(queue.name, { prefetch: 8 }, async (delivery) => {
        most = Math.max(most, ++open);
        await systemClock.sleep(60);
        open--;
        seen.push(`${textOf(delivery)} ${delivery.attempt} ${delivery.message.headers['ce-id']}`);
        expect(Object.keys(delivery.message.headers).filter((name) => name.startsWith('sw-kafka'))).toEqual([]);
        await (delivery.attempt < 3 ? delivery.retry(50) : delivery.ack());
      });
      for (const text of ['m1', 'm2', 'm3']) {
        await broker().publish({ exchange: '', key: queue.name, partitionKey: 'k' }, message(text, { 'ce-id': text }));
      }
      await until(() => seen.filter((line) => line.includes(' 3 ')).length === 3);
      expect(most).toBe(1);
      expect(seen.filter((line) => line.startsWith('m2'))).toEqual(['m2 1 m2', 'm2 2 m2', 'm2 3 m2']);
    });

    it('waits longer than the longest step when it must', async () => {
      const queue = await declared({ retries: [{ name: `${randomUUID()}.retry`, delayMs: 200 }] });
      const at: number[] = [];
      const attempts: number[] = [];
      await broker().subscribe(queue.name, { prefetch: 1 }, async (delivery) => {
        at.push(systemClock.now());
        attempts.push(delivery.attempt);
        await (delivery.attempt === 1 ? delivery.retry(700) : delivery.ack());
      });
      await send(broker(), queue, 'm1');
      await until(() => at.length === 2);
      expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(695);
      expect(attempts).toEqual([1, 2]);
    });
  },

  'many messages': (url) => {
    const { broker, declared } = around(url);

    it('that are published at once all arrive, once', async () => {
      const queue = await declared({ partitions: 4 });
      const texts = Array.from({ length: 2_000 }, (_, index) => `m${index}`);
      await Promise.all(
        texts.map((text, index) =>
          broker().publish({ exchange: '', key: queue.name, partitionKey: `k${index % 50}` }, message(text)),
        ),
      );
      const seen: string[] = [];
      await broker().subscribe(queue.name, { prefetch: 50 }, async (delivery) => {
        seen.push(textOf(delivery));
        await delivery.ack();
      });
      await until(() => seen.length >= texts.length);
      expect([...seen].sort()).toEqual([...texts].sort());
    });
  },
};

function around(url: string) {
  let broker: KafkaBroker;
  let run: string;
  beforeEach(async () => {
    run = randomUUID().slice(0, 8);
    broker = await kafkaBroker(url);
  });
  afterEach(() => broker.close());
  return {
    broker: () => broker,
    run: () => run,
    async declared(settings: Partial<Queue> = {}): Promise<Queue> {
      const queue = { ...queueNamed(`${run}.work`), ...settings };
      await broker.declare({ exchanges: [], queues: [queue] });
      return queue;
    },
  };
}

function queueNamed(name: string): Queue {
  return {
    name,
    service: 'conformance',
    bindings: [],
    deadLetter: `${name}.dead`,
    maxDeliveries: 10,
    partitions: 1,
    retries: [100, 1_000].map((delayMs) => ({ name: `${name}.retry.${delayMs}ms`, delayMs })),
  };
}

function send(broker: KafkaBroker, queue: Queue, text: string): Promise<void> {
  return broker.publish({ exchange: '', key: queue.name }, message(text));
}

async function clientOf(url: string): Promise<KafkaClient> {
  const address = kafkaAddress(url);
  return new KafkaClient(await kafkaDriver(address), address);
}

/** Committed offset of the first partition of a queue's own topic. */
async function position(url: string, queue: Queue): Promise<number | undefined> {
  const client = await clientOf(url);
  const places = [{ topic: ownTopic(queue.name), partition: 0 }];
  const committed = await client.ask((cluster) => committedOffsets(cluster, queue.name, places));
  await client.close();
  return [...committed.values()][0]?.offset;
}

function message(text: string, headers: Readonly<Record<string, string>> = {}): WireMessage {
  return { headers, body: new TextEncoder().encode(text) };
}

function textOf(delivery: Delivery): string {
  return new TextDecoder().decode(delivery.message.body);
}
