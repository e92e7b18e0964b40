import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type LiveNats, natsServer, natsServerPath } from '../../harness/live/servers/nats.js';
import type { LiveServer } from '../../harness/live/servers/server.js';
import { type TcpProxy, tcpProxy } from '../../harness/live/tcp-proxy.js';
import type { Broker, Delivery } from '../../runtime/brokers/broker.js';
import { natsBroker } from '../../runtime/brokers/nats.js';
import { brokerFor } from '../../runtime/brokers/registry.js';
import { UnavailableError } from '../../runtime/errors.js';
import { describeWith } from '../conformance/at-hand.js';
import { collect, operator, queueNamed, textOf, until, wire } from '../conformance/nats/under-test.js';

const found = natsServerPath();
const at = found === undefined ? { missing: 'no nats-server in PATH' } : { url: found };

describeWith('nats that fails', at, () => {
  const servers: LiveNats[] = [];
  const lines: TcpProxy[] = [];
  const clients: Broker[] = [];

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(lines.splice(0).map((line) => line.close()));
    await Promise.all(servers.splice(0).map((server) => server.dispose()));
  });

  async function server(options?: Parameters<typeof natsServer>[0]): Promise<LiveNats> {
    const started = await natsServer(options);
    servers.push(started);
    return started;
  }

  async function client(url: string): Promise<Broker> {
    const opened = await natsBroker(url);
    clients.push(opened);
    return opened;
  }

  async function lineTo({ port }: LiveServer): Promise<TcpProxy> {
    const line = await tcpProxy({ port });
    lines.push(line);
    return line;
  }

  describe('killed and started again', () => {
    it('has all that it acknowledged: ready, in flight, delayed and dead, and its bindings', async () => {
      const nats = await server();
      const broker = await client(nats.url);
      const work = queueNamed('work', { bindings: [{ exchange: 'events', key: 'a.*' }] });
      await broker.declare({ exchanges: [{ name: 'events', kind: 'topic' }], queues: [work] });
      const taken = new Map<string, Delivery>();
      const first = await collect(broker, work.name, async (delivery) => void taken.set(textOf(delivery), delivery), 3);
      for (const text of ['dead', 'delayed', 'held'])
        await broker.publish({ exchange: 'events', key: 'a.b' }, wire(text));
      await until(() => taken.size === 3);
      first.subscription.pause();
      await taken.get('dead')?.deadLetter({ 'x-why': 'bad' });
      await taken.get('delayed')?.retry(60_000);
      await nats.written();
      const acknowledged: string[] = [];
      const publishing = (async () => {
        for (let index = 0; index < 100_000; index++) {
          try {
            await broker.publish({ exchange: 'events', key: 'a.b' }, wire(`m${index}`));
          } catch (error) {
            expect(error).toBeInstanceOf(UnavailableError);
            return;
          }
          acknowledged.push(`m${index}`);
        }
      })();
      await until(() => acknowledged.length > 300);
      await nats.kill();
      await publishing;
      const refused = performance.now();
      await expect(broker.publish({ exchange: '', key: 'work' }, wire('away'))).rejects.toBeInstanceOf(
        UnavailableError,
      );
      await expect(broker.declare({ exchanges: [], queues: [] })).rejects.toBeInstanceOf(UnavailableError);
      await expect(broker.admin.depth(work)).rejects.toBeInstanceOf(UnavailableError);
      expect(performance.now() - refused).toBeLessThan(1_000);

      await nats.start();
      await untilPublished(broker, 'back');
      expect(await broker.admin.depth(work)).toMatchObject({ delayed: 1, dead: 1, inFlight: 1 });
      // The line broke, the process lives: what it holds is still its own.
      await taken.get('held')?.ack();
      await until(async () => (await broker.admin.depth(work))?.inFlight === 0);
      const seen = new Set<string>();
      await broker.subscribe(work.name, { prefetch: 100 }, async (delivery) => {
        seen.add(textOf(delivery));
        await delivery.ack();
      });
      await until(() => seen.has('back'));
      expect(acknowledged.filter((text) => !seen.has(text))).toEqual([]);
      expect(seen.has('held')).toBe(false);
      expect((await broker.admin.deadLetters(work, { limit: 2 }))[0]?.headers).toMatchObject({ 'x-why': 'bad' });
    });

    it('goes on with the subscriptions of those who live, several times', async () => {
      const nats = await server();
      const [publisher, consumer] = [await client(nats.url), await client(nats.url)];
      const work = queueNamed('work', { partitions: 3, bindings: [{ exchange: 'events', key: '#' }] });
      await publisher.declare({ exchanges: [{ name: 'events', kind: 'topic' }], queues: [work] });
      const seen = await collect(consumer, work.name);
      for (const round of ['one', 'two', 'three']) {
        await untilPublished(publisher, round, 'events');
        await until(() => seen.lines.some(([text]) => text === round));
        await nats.kill();
        await nats.start();
      }
    });
  });

  it('come back without its data, is declared again by those who live', async () => {
    const nats = await server();
    const line = await lineTo(nats);
    const broker = await client(line.through(nats.url));
    const work = queueNamed('work', { bindings: [{ exchange: 'events', key: '#' }] });
    await broker.declare({ exchanges: [{ name: 'events', kind: 'topic' }], queues: [work] });
    const seen = await collect(broker, work.name);
    await broker.publish({ exchange: 'events', key: 'a.b' }, wire('before'));
    await until(() => seen.lines.length === 1);
    const { link, manager } = await operator(nats.url);
    for await (const name of manager.streams.names()) await manager.streams.delete(name);
    await link.close();
    line.cut('reset');
    await untilPublished(broker, 'after', 'events');
    await until(() => seen.lines.some(([text]) => text === 'after'));
  });

  describe('behind a line that breaks', () => {
    it('goes on where it was, on both sides', async () => {
      const nats = await server();
      const line = await lineTo(nats);
      const [behind, operating] = [await client(line.through(nats.url)), await client(nats.url)];
      const work = queueNamed('work');
      await behind.declare({ exchanges: [], queues: [work] });
      await shortWait(nats.url, 900);
      const seen = await collect(behind, work.name);
      const sent: string[] = [];
      for (let index = 0; index < 60; index++) {
        if (index % 20 === 10) line.cut(index % 40 === 10 ? 'reset' : 'end');
        await untilPublished(behind, `m${index}`);
        sent.push(`m${index}`);
      }
      await until(async () => {
        const depth = await operating.admin.depth(work);
        return depth?.ready === 0 && depth.inFlight === 0;
      });
      const texts = new Set(seen.lines.map(([text]) => text));
      expect(sent.filter((text) => !texts.has(text))).toEqual([]);
    });

    it('hands out again what an acknowledgement that was lost had settled', async () => {
      const nats = await server();
      const line = await lineTo(nats);
      const [behind, other] = [await client(line.through(nats.url)), await client(nats.url)];
      const work = queueNamed('work');
      await other.declare({ exchanges: [], queues: [work] });
      await shortWait(nats.url, 900);
      await other.publish({ exchange: '', key: work.name }, wire('m1'));
      const first = await collect(behind, work.name, async (delivery) => {
        line.fail({ halfOpen: true });
        await delivery.ack();
      });
      await until(() => first.lines.length === 1);
      const second = await collect(other, work.name);
      await until(() => second.lines.length === 1);
      expect(second.lines).toEqual([['m1', 2]]);
    });

    it('gives up on a publish that is not answered', async () => {
      const nats = await server();
      const line = await lineTo(nats);
      const broker = await client(line.through(nats.url));
      await broker.declare({ exchanges: [], queues: [queueNamed('work')] });
      await broker.publish({ exchange: '', key: 'work' }, wire('m1'));
      line.fail({ halfOpen: true });
      const started = performance.now();
      await expect(broker.publish({ exchange: '', key: 'work' }, wire('m2'))).rejects.toBeInstanceOf(UnavailableError);
      expect(performance.now() - started).toBeLessThan(8_000);
    });

    it('rejects what was asked before the break as soon as it is known', async () => {
      const nats = await server();
      const line = await lineTo(nats);
      const broker = await client(line.through(nats.url));
      await broker.declare({ exchanges: [], queues: [queueNamed('work')] });
      await broker.publish({ exchange: '', key: 'work' }, wire('m1'));
      line.fail({ latencyMs: 10_000, refuse: true });
      const publishing = broker.publish({ exchange: '', key: 'work' }, wire('m2'));
      const started = performance.now();
      const refusal = expect(publishing).rejects.toBeInstanceOf(UnavailableError);
      line.cut('reset');
      await refusal;
      expect(performance.now() - started).toBeLessThan(2_000);
    });
  });

  describe('with credentials', () => {
    const login = { user: 'service', password: 'p@ss/w:rd%' };

    it('takes them from the URL', async () => {
      const nats = await server({ login });
      const broker = await brokerFor(nats.url);
      clients.push(broker);
      await broker.declare({ exchanges: [], queues: [queueNamed('work')] });
      await broker.publish({ exchange: '', key: 'work' }, wire('m1'));
    });

    it('never shows them, refused, away or up', async () => {
      const nats = await server({ login });
      const wrong = nats.url.replace('service', 'nobody');
      const errors: unknown[] = [await natsBroker(wrong).catch((error: unknown) => error)];
      const broker = await client(nats.url);
      await nats.kill();
      errors.push(await natsBroker(nats.url).catch((error: unknown) => error));
      errors.push(await broker.publish({ exchange: '', key: 'work' }, wire('m1')).catch((error: unknown) => error));
      for (const error of errors) {
        expect(error).toBeInstanceOf(UnavailableError);
        const text = inspect(error, { depth: 10, showHidden: true });
        expect(text).toContain(`127.0.0.1:${nats.port}`);
        expect(text).not.toContain(login.password);
        expect(text).not.toContain(encodeURIComponent(login.password));
      }
    });
  });

  it('says that JetStream refuses what it cannot make', async () => {
    const nats = await server();
    const broker = await client(`${nats.url}?replicas=3`);
    const declaring = broker.declare({ exchanges: [], queues: [queueNamed('work')] });
    await expect(declaring).rejects.toThrow(/^JetStream refuses what is declared: .*replicas/);
  });

  /** As a service does, whose outbox repeats. */
  async function untilPublished(broker: Broker, text: string, exchange = ''): Promise<void> {
    await until(() =>
      broker.publish({ exchange, key: exchange === '' ? 'work' : 'a.b' }, wire(text)).then(
        () => true,
        () => false,
      ),
    );
  }

  async function shortWait(url: string, ms: number): Promise<void> {
    const { link, manager } = await operator(url);
    await manager.consumers.update('SW_work', 'partition-0', { ack_wait: ms * 1_000_000 });
    await link.close();
  }
});
