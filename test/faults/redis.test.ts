import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { redisServer } from '../../harness/live/servers/redis.js';
import { executable, type LiveServer } from '../../harness/live/servers/server.js';
import { type TcpProxy, tcpProxy } from '../../harness/live/tcp-proxy.js';
import type { Delivery } from '../../runtime/brokers/broker.js';
import { type RedisBroker, redisBroker } from '../../runtime/brokers/redis.js';
import { UnavailableError } from '../../runtime/errors.js';
import { describeWith } from '../conformance/at-hand.js';
import { queueNamed, textOf, until, wire } from '../conformance/redis/under-test.js';

const found = executable('redis-server');
const at = found === undefined ? { missing: 'no redis-server in PATH' } : { url: found };

describeWith('redis that fails', at, () => {
  const servers: LiveServer[] = [];
  const proxies: TcpProxy[] = [];
  const clients: RedisBroker[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
    await Promise.all(servers.splice(0).map((server) => server.dispose()));
  });

  async function server(settings: Readonly<Record<string, string>> = {}): Promise<LiveServer> {
    const started = await redisServer({ settings });
    if (started === null) throw new Error('no redis-server');
    servers.push(started);
    return started;
  }

  async function client(url: string, leaseMs = 900): Promise<RedisBroker> {
    const opened = await redisBroker(`${url}?leaseMs=${leaseMs}`);
    clients.push(opened);
    return opened;
  }

  async function lineTo({ port }: LiveServer): Promise<TcpProxy> {
    const proxy = await tcpProxy({ port });
    proxies.push(proxy);
    return proxy;
  }

  describe('killed and started again', () => {
    it('has all that it acknowledged: ready, in flight, delayed and dead', async () => {
      const redis = await server();
      const broker = await client(redis.url);
      expect(broker.capabilities.persistent).toBe(true);
      const work = queueNamed('work');
      await broker.declare({ exchanges: [], queues: [work] });
      const taken = new Map<string, Delivery>();
      const subscription = await broker.subscribe(work.name, { prefetch: 3 }, async (delivery) => {
        taken.set(textOf(delivery), delivery);
      });
      for (const text of ['dead', 'delayed', 'held']) await broker.publish({ exchange: '', key: 'work' }, wire(text));
      await until(() => taken.size === 3);
      subscription.pause();
      await taken.get('dead')?.deadLetter({ 'x-why': 'bad' });
      await taken.get('delayed')?.retry(60_000);
      const acknowledged: string[] = [];
      const publishing = (async () => {
        for (let index = 0; index < 100_000; index++) {
          try {
            await broker.publish({ exchange: '', key: 'work' }, wire(`m${index}`));
          } catch (error) {
            expect(error).toBeInstanceOf(UnavailableError);
            return;
          }
          acknowledged.push(`m${index}`);
        }
      })();
      await until(() => acknowledged.length > 300);
      await redis.kill();
      await publishing;

      const refused = performance.now();
      await expect(broker.publish({ exchange: '', key: 'work' }, wire('away'))).rejects.toBeInstanceOf(
        UnavailableError,
      );
      expect(performance.now() - refused).toBeLessThan(1_000);

      await redis.start();
      await until(() =>
        broker.publish({ exchange: '', key: 'work' }, wire('back')).then(
          () => true,
          () => false,
        ),
      );
      expect(await broker.admin.depth(work)).toMatchObject({ delayed: 1, dead: 1, inFlight: 1 });
      // The line broke, the process lives: what it holds is still its own.
      await taken.get('held')?.ack();
      expect(await broker.admin.depth(work)).toMatchObject({ delayed: 1, dead: 1, inFlight: 0 });
      const seen = new Set<string>();
      await broker.subscribe(work.name, { prefetch: 100 }, async (delivery) => {
        seen.add(textOf(delivery));
        await delivery.ack();
      });
      await until(() => seen.has('back'));
      expect(acknowledged.filter((text) => !seen.has(text))).toEqual([]);
      expect((await broker.admin.deadLetters(work, { limit: 2 }))[0]?.headers).toMatchObject({ 'x-why': 'bad' });
    });

    it('with its data lost, is declared again by who lives on', async () => {
      const redis = await server({ appendonly: 'no' });
      const [publisher, consumer] = [await client(redis.url), await client(redis.url)];
      expect(publisher.capabilities.persistent).toBe(false);
      const events = { name: 'events', kind: 'topic' as const };
      const work = queueNamed('work', { bindings: [{ exchange: 'events', key: '#' }] });
      await publisher.declare({ exchanges: [events], queues: [] });
      await consumer.declare({ exchanges: [events], queues: [work] });
      const seen: string[] = [];
      await consumer.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
        seen.push(textOf(delivery));
        await delivery.ack();
      });
      await publisher.publish({ exchange: 'events', key: 'k' }, wire('before'));
      await until(() => seen.length === 1);
      await redis.kill();
      await redis.start();
      await until(() =>
        publisher.publish({ exchange: 'events', key: 'k' }, wire('after')).then(
          () => true,
          () => false,
        ),
      );
      await until(() => seen.includes('after'));
      // Emptied under everybody's hands, without a connection that breaks.
      const operator = new Redis(redis.url);
      await operator.flushall();
      operator.disconnect();
      await until(() =>
        publisher.publish({ exchange: 'events', key: 'k' }, wire('emptied')).then(
          () => true,
          () => false,
        ),
      );
      await until(() => seen.includes('emptied'));
    });
  });

  describe('behind a line that breaks', () => {
    it('hands out again what an answer that never came had brought, as a first attempt', async () => {
      const redis = await server();
      const line = await lineTo(redis);
      const [publisher, behind] = [await client(redis.url), await client(line.through(redis.url), 60_000)];
      const work = queueNamed('work');
      await publisher.declare({ exchanges: [], queues: [work] });
      const seen: [string, number][] = [];
      await behind.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
        seen.push([textOf(delivery), delivery.attempt]);
        await delivery.ack();
      });
      await publisher.publish({ exchange: '', key: 'work' }, wire('m1'));
      await until(async () => seen.length === 1 && (await publisher.admin.depth(work))?.inFlight === 0);
      // Late enough that the line breaks between Redis handing out and the consumer hearing of it.
      line.fail({ latencyMs: 300 });
      await publisher.publish({ exchange: '', key: 'work' }, wire('m2'));
      await until(async () => (await publisher.admin.depth(work))?.inFlight === 1);
      line.cut('reset');
      line.fail({});
      await until(() => seen.length === 2);
      expect(seen).toEqual([
        ['m1', 1],
        ['m2', 1],
      ]);
    });

    it('hands out again what it could not be told about, and goes on', async () => {
      const redis = await server();
      const line = await lineTo(redis);
      const broker = await client(line.through(redis.url), 60_000);
      const work = queueNamed('work');
      await broker.declare({ exchanges: [], queues: [work] });
      const seen: number[] = [];
      let told: unknown;
      await broker.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
        seen.push(delivery.attempt);
        if (delivery.attempt === 1) {
          line.fail({ refuse: true });
          line.cut('reset');
          await delivery.ack().catch((error: unknown) => {
            told = error;
          });
          line.fail({});
          return;
        }
        await delivery.ack();
      });
      await broker.publish({ exchange: '', key: 'work' }, wire('m1'));
      await until(async () => seen.length === 2 && (await broker.admin.depth(work))?.inFlight === 0);
      expect(told).toBeInstanceOf(UnavailableError);
      expect(seen).toEqual([1, 2]);
      expect(await broker.admin.depth(work)).toMatchObject({ ready: 0, delayed: 0, dead: 0 });
    });

    it('gives up what is not answered, and finds a line that was cut without a word', async () => {
      const redis = await server();
      const line = await lineTo(redis);
      const [broker, direct] = [await client(line.through(redis.url)), await client(redis.url)];
      const work = queueNamed('work');
      await broker.declare({ exchanges: [], queues: [work] });
      const seen: string[] = [];
      await broker.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
        seen.push(textOf(delivery));
        await delivery.ack();
      });
      line.fail({ halfOpen: true });
      const started = performance.now();
      await expect(broker.publish({ exchange: '', key: 'work' }, wire('m'))).rejects.toBeInstanceOf(UnavailableError);
      expect(performance.now() - started).toBeLessThan(10_000);
      line.fail({});
      await direct.publish({ exchange: '', key: 'work' }, wire('after'));
      await until(() => seen.includes('after'), 60_000);
    });
  });

  it('takes at-most-once messages again after the line broke', async () => {
    const redis = await server();
    const line = await lineTo(redis);
    const [behind, publisher] = [await client(line.through(redis.url)), await client(redis.url)];
    const work = queueNamed('work', { bindings: [{ exchange: 'ticks', key: '#' }] });
    await publisher.declare({ exchanges: [{ name: 'ticks', kind: 'topic', atMostOnce: true }], queues: [work] });
    const seen: string[] = [];
    await behind.subscribe(work.name, { prefetch: 1 }, async (delivery) => void seen.push(textOf(delivery)));
    line.cut('reset');
    let count = 0;
    await until(async () => {
      await publisher.publish({ exchange: 'ticks', key: 'k' }, wire(`m${count++}`));
      return seen.length > 0;
    });
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('never tells the password, whatever goes wrong', async () => {
    const redis = await server({ requirepass: 'right-one' });
    const wrong = redis.url.replace('//', '//user:s3cret-one@');
    const refusal = await redisBroker(wrong).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnavailableError);
    expect(inspect(refusal, { depth: 10, showHidden: true })).not.toContain('s3cret-one');
    expect(inspect(refusal, { depth: 10 })).toContain('WRONGPASS');

    const none = await redisBroker(redis.url).catch((error: unknown) => error);
    expect(none).toBeInstanceOf(UnavailableError);

    const right = await client(redis.url.replace('//', '//:right-one@'));
    await right.declare({ exchanges: [], queues: [queueNamed('work')] });
    await redis.kill();
    const away = await right.publish({ exchange: '', key: 'work' }, wire('m')).catch((error: unknown) => error);
    expect(away).toBeInstanceOf(UnavailableError);
    const absent = await redisBroker(redis.url.replace('//', '//:right-one@')).catch((error: unknown) => error);
    expect(absent).toBeInstanceOf(UnavailableError);
    for (const error of [away, absent]) {
      const told = inspect(error, { depth: 10, showHidden: true });
      expect(told).not.toContain('right-one');
      expect(told).toContain(`127.0.0.1:${redis.port}`);
    }
  });

  it('a node of a cluster takes all of it, since its keys share one slot', async () => {
    const redis = await server({ 'cluster-enabled': 'yes' });
    const operator = new Redis(redis.url);
    await operator.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16383);
    await until(async () => String(await operator.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
    operator.disconnect();
    const broker = await client(redis.url);
    const [events, ticks] = [
      { name: 'events', kind: 'topic' as const },
      { name: 'ticks', kind: 'fanout' as const, atMostOnce: true },
    ];
    const bindings = [
      { exchange: 'events', key: 'a.*' },
      { exchange: 'ticks', key: '' },
    ];
    const [first, second] = [queueNamed('first', { bindings, partitions: 3 }), queueNamed('second', { bindings })];
    const topology = { exchanges: [events, ticks], queues: [first, second] };
    await broker.declare(topology);
    const seen: string[] = [];
    const subscriptions = [];
    for (const queue of [first, second]) {
      const take = async (delivery: Delivery) => {
        seen.push(textOf(delivery));
        if (delivery.attempt === 1) return delivery.retry(1);
        await (textOf(delivery) === 'bad' ? delivery.deadLetter({}) : delivery.ack());
      };
      subscriptions.push(await broker.subscribe(queue.name, { prefetch: 2 }, take));
    }
    for (const text of ['good', 'bad']) await broker.publish({ exchange: 'events', key: 'a.b' }, wire(text));
    await broker.publish({ exchange: 'ticks', key: '' }, wire('tick'));
    await until(() => seen.length === 12);
    for (const subscription of subscriptions) await subscription.stop();
    for (const queue of [first, second]) {
      expect(await broker.admin.depth(queue)).toMatchObject({ ready: 0, delayed: 0, inFlight: 0, dead: 1 });
    }
    expect(await broker.admin.diff(topology)).toEqual([]);
  });
});
