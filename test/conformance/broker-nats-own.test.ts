import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tcpProxy } from '../../harness/live/tcp-proxy.js';
import type { Broker, Queue } from '../../runtime/brokers/broker.js';
import { streamOf } from '../../runtime/brokers/nats/names.js';
import { natsBroker } from '../../runtime/brokers/nats.js';
import { UnroutableError, UsageError } from '../../runtime/errors.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';
import { collect, operator, queueNamed, removeQueues, textOf, until, wire } from './nats/under-test.js';

/** What JetStream makes necessary or possible beyond what every broker does. */
describeWith('nats alone', await atHand(serverKinds.nats), (url) => {
  let broker: Broker;
  let other: Broker;
  let run: string;

  beforeEach(async () => {
    run = `own${randomUUID().slice(0, 8)}`;
    [broker, other] = [await natsBroker(url), await natsBroker(url)];
  });
  afterEach(async () => {
    await Promise.all([broker.close(), other.close()]);
  });
  afterAll(() => removeQueues(url, /^own[0-9a-f]{8}/));

  describe('publishing', () => {
    it('reaches a queue that another client declared since the last publish', async () => {
      const events = { name: `${run}.events`, kind: 'topic' as const };
      await broker.declare({ exchanges: [events], queues: [bound('first', 'a.#')] });
      await broker.publish({ exchange: events.name, key: 'a.b' }, wire('warm'));
      for (let index = 0; index < 10; index++) {
        const late = bound(`late${index}`, 'a.b');
        await other.declare({ exchanges: [], queues: [late] });
        await broker.publish({ exchange: events.name, key: 'a.b' }, wire(`m${index}`));
        expect((await texts(late)).at(-1)).toBe(`m${index}`);
      }
      expect(await texts(bound('late0', 'a.b'))).not.toContain('warm');
    });

    it('stores an event once that an outbox repeats, in each of its queues, and another event with its id apart', async () => {
      const events = { name: `${run}.events`, kind: 'fanout' as const };
      const queues = [bound('a', ''), bound('b', '')] as const;
      await broker.declare({ exchanges: [events], queues });
      const event = { 'ce-id': '1', 'ce-source': 's', 'ce-type': 't' };
      for (let time = 0; time < 3; time++)
        await broker.publish({ exchange: events.name, key: 'k' }, wire('once', event));
      for (const different of [{ 'ce-source': 'z' }, { 'ce-type': 'z' }, { 'ce-id': '2' }]) {
        await other.publish({ exchange: events.name, key: 'k' }, wire('apart', { ...event, ...different }));
      }
      await broker.publish({ exchange: events.name, key: 'other' }, wire('apart', event));
      for (const queue of queues) expect(await texts(queue)).toEqual(['once', 'apart', 'apart', 'apart', 'apart']);
    });

    it('to a queue by name stores each message, as a replay needs', async () => {
      const work = await declared('work');
      const event = { 'ce-id': '1', 'ce-source': 's', 'ce-type': 't' };
      for (let time = 0; time < 2; time++) await broker.publish({ exchange: '', key: work.name }, wire('again', event));
      expect(await texts(work)).toEqual(['again', 'again']);
    });

    it('passes by a queue whose stream was deleted by hand', async () => {
      const events = { name: `${run}.events`, kind: 'topic' as const };
      const [kept, deleted] = [bound('kept', '#'), bound('deleted', '#')];
      await broker.declare({ exchanges: [events], queues: [kept, deleted] });
      await broker.publish({ exchange: '', key: deleted.name }, wire('known'));
      await withManager(({ manager }) => manager.streams.delete(streamOf(deleted.name)));
      await broker.publish({ exchange: events.name, key: 'k' }, wire('m1'));
      expect(await texts(kept)).toEqual(['m1']);
      await expect(broker.publish({ exchange: '', key: deleted.name }, wire('m2'))).rejects.toBeInstanceOf(
        UnroutableError,
      );
    });
  });

  describe('names', () => {
    it.each([
      ['a.b', 'a_b'],
      ['* >', '> *'],
      ['ü日', 'u'],
      ['"\'$(x)`', '\\'],
      ['x'.repeat(240), `${'x'.repeat(239)}y`],
    ])('%s and %s are two queues', async (one, two) => {
      const events = { name: `${run}.*.>`, kind: 'direct' as const };
      const queues = [one, two].map((name) =>
        queueNamed(`${run}${name}`, {
          bindings: [{ exchange: events.name, key: name }],
          deadLetter: `${run}.dead`,
        }),
      );
      await broker.declare({ exchanges: [events], queues });
      for (const name of [one, two]) await broker.publish({ exchange: events.name, key: name }, wire(name));
      expect(await Promise.all(queues.map((queue) => texts(queue)))).toEqual([[one], [two]]);
      expect(await broker.admin.diff({ exchanges: [events], queues })).toEqual([]);
      const seen = await collect(broker, queues[0]?.name ?? '');
      await until(() => seen.lines.length === 1);
      expect(seen.deliveries[0]?.queue).toBe(queues[0]?.name);
    });
  });

  describe('consuming', () => {
    it('keeps a message from others as long as its handler runs, however long that is', async () => {
      const work = await withShortWait(await declared('work'));
      await broker.publish({ exchange: '', key: work.name }, wire('long'));
      let end: (() => void) | undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const slow = await collect(broker, work.name, async (delivery) => {
        await ended;
        await delivery.ack();
      });
      await until(() => slow.lines.length === 1);
      const idle = await collect(other, work.name);
      // Three times the wait after which the server would hand it to the other one.
      const start = Date.now();
      await until(() => Date.now() - start > 3 * shortWaitMs);
      expect(idle.lines).toEqual([]);
      end?.();
      await until(async () => (await broker.admin.depth(work))?.inFlight === 0);
      expect(slow.lines).toEqual([['long', 1]]);
    });

    it('counts the hand-overs of consumers whose process died, and gives up without asking another one', async () => {
      const work = await withShortWait(await declared('work', { maxDeliveries: 2 }));
      await broker.publish({ exchange: '', key: work.name }, wire('killer', { 'ce-id': 'k' }));
      for (const attempt of [1, 2]) {
        const { hostname, port } = new URL(url);
        const line = await tcpProxy({ host: hostname, port: Number(port) });
        const doomed = await natsBroker(line.through(url));
        const held = await collect(doomed, work.name, () => new Promise(() => {}));
        await until(() => held.lines.length === 1);
        expect(held.lines).toEqual([['killer', attempt]]);
        line.fail({ refuse: true });
        line.cut('reset');
        // Nobody asks for a message while the server takes this one back: what the dead process had asked for must be over by then.
        const start = Date.now();
        await until(() => Date.now() - start > 2 * shortWaitMs);
        await doomed.close();
        await line.close();
      }
      const seen = await collect(broker, work.name);
      await until(async () => (await broker.admin.depth(work))?.dead === 1);
      expect(seen.lines).toEqual([]);
      expect((await broker.admin.deadLetters(work, { limit: 1 }))[0]?.headers).toEqual({
        'ce-id': 'k',
        'sw-reason': 'delivery-limit',
        'sw-queue': work.name,
        'sw-attempts': '2',
      });
    });

    it('leaves what comes while it is paused to others', async () => {
      const work = await declared('work');
      const paused = await collect(broker, work.name);
      const taking = await collect(other, work.name);
      paused.subscription.pause();
      const sent = Array.from({ length: 50 }, (_, index) => `m${index}`);
      // The server learns of the pause with the next answer.
      await broker.admin.depth(work);
      for (const text of sent) await other.publish({ exchange: '', key: work.name }, wire(text));
      await until(() => taking.lines.length >= 45);
      paused.subscription.resume();
      await until(() => paused.lines.length + taking.lines.length === 50);
      expect([...paused.lines, ...taking.lines].every(([, attempt]) => attempt === 1)).toBe(true);
    });

    it('a stop gives back what has not been started, at once', async () => {
      const work = await declared('work', { partitions: 8 });
      for (let key = 0; key < 40; key++) {
        await broker.publish({ exchange: '', key: work.name, partitionKey: `k${key}` }, wire(`m${key}`));
      }
      let end: (() => void) | undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      const first = await collect(
        broker,
        work.name,
        async (delivery) => {
          await ended;
          await delivery.ack();
        },
        1,
      );
      await until(async () => (await broker.admin.depth(work))?.inFlight === 8);
      const stopping = first.subscription.stop();
      end?.();
      await stopping;
      const started = Date.now();
      const next = await collect(other, work.name);
      await until(() => next.lines.length === 39);
      expect(first.lines.length).toBe(1);
      expect(Date.now() - started).toBeLessThan(5_000);
    });

    it('a retry does not hold up its partition, and comes back to it', async () => {
      const work = await declared('work', { partitions: 3 });
      const to = { exchange: '', key: work.name, partitionKey: 'k' };
      for (const text of ['late', 'm1', 'm2']) await broker.publish(to, wire(text, { 'x-a': ' kept ' }));
      const handedOutAt: number[] = [];
      const seen = await collect(broker, work.name, async (delivery) => {
        if (textOf(delivery) !== 'late') return delivery.ack();
        handedOutAt.push(Date.now());
        return delivery.attempt < 3 ? delivery.retry(300) : delivery.ack();
      });
      await until(() => seen.lines.length === 5);
      expect(seen.lines).toEqual([
        ['late', 1],
        ['m1', 1],
        ['m2', 1],
        ['late', 2],
        ['late', 3],
      ]);
      const [first = 0, second = 0, third = 0] = handedOutAt;
      expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(295);
      expect(seen.deliveries.at(-1)?.message.headers).toEqual({ 'x-a': ' kept ' });
      // Acknowledgements are on their way a little longer; what is then left would have been left behind.
      await until(async () => {
        const depth = await broker.admin.depth(work);
        return depth?.inFlight === 0 && depth.delayed === 0;
      });
      expect(await broker.admin.depth(work)).toEqual({ ready: 0, delayed: 0, dead: 0, inFlight: 0 });
    });

    it('a message that nobody took in time is dead when it is taken', async () => {
      const work = await declared('work', { messageTtlMs: 100 });
      await broker.publish({ exchange: '', key: work.name }, wire('old'));
      const start = Date.now();
      await until(() => Date.now() - start > 150);
      const seen = await collect(broker, work.name);
      await until(async () => (await broker.admin.depth(work))?.dead === 1);
      await broker.publish({ exchange: '', key: work.name }, wire('new'));
      await until(() => seen.lines.length === 1);
      expect(seen.lines).toEqual([['new', 1]]);
      expect((await broker.admin.deadLetters(work, { limit: 1 }))[0]?.headers).toMatchObject({
        'sw-reason': 'expired',
      });
    });

    it('a dead letter keeps its way when it dies again with more to say than fits', async () => {
      const work = await declared('work');
      const body = new Uint8Array(1_040_000).map((_, index) => (index * 7919) % 251);
      await broker.publish({ exchange: '', key: work.name }, { headers: { 'ce-id': 'big' }, body });
      await collect(broker, work.name, (delivery) =>
        delivery.deadLetter({ 'x-why': 'ü'.repeat(900_000), 'sw-reason': 'bad' }),
      );
      await until(async () => (await broker.admin.depth(work))?.dead === 1);
      const [letter] = await broker.admin.deadLetters(work, { limit: 1 });
      expect(letter?.headers).toMatchObject({ 'ce-id': 'big', 'sw-reason': 'bad' });
      expect(Buffer.compare(letter?.body ?? new Uint8Array(), body)).toBe(0);
    });
  });

  describe('declaring', () => {
    it('at the same time from many clients ends with one of each', async () => {
      const events = { name: `${run}.events`, kind: 'topic' as const };
      const clients = await Promise.all(Array.from({ length: 5 }, () => natsBroker(url)));
      const keys = ['a', 'b', 'c', 'd', 'e'];
      await Promise.all(
        clients.map((client, index) =>
          client.declare({ exchanges: [events], queues: [bound('all', keys[index] ?? '')] }),
        ),
      );
      for (const key of keys) await broker.publish({ exchange: events.name, key }, wire(key));
      expect(await texts(bound('all', 'a'))).toEqual(keys);
      await Promise.all(clients.map((client) => client.close()));
    });

    it.each<[string, Partial<Queue> | 'kind' | 'unknown' | 'nameless']>([
      ['another number of partitions', { partitions: 2 }],
      ['no partition', { partitions: 0 }],
      ['no delivery', { maxDeliveries: 0 }],
      ['an exchange of another kind', 'kind'],
      ['an exchange that nobody declared', 'unknown'],
      ['the exchange without a name', 'nameless'],
    ])('refuses %s and changes nothing', async (_, change) => {
      const events = { name: `${run}.events`, kind: 'topic' as const };
      const work = bound('work', 'a');
      const topology = { exchanges: [events], queues: [work] };
      await broker.declare(topology);
      const wrong =
        change === 'kind'
          ? { exchanges: [{ ...events, kind: 'fanout' as const }], queues: [] }
          : change === 'nameless'
            ? { exchanges: [{ ...events, name: '' }], queues: [] }
            : change === 'unknown'
              ? { exchanges: [], queues: [{ ...work, bindings: [{ exchange: `${run}.no`, key: 'a' }] }] }
              : { exchanges: [events], queues: [{ ...work, ...change }] };
      await expect(broker.declare(wrong)).rejects.toBeInstanceOf(UsageError);
      expect(await broker.admin.diff(topology)).toEqual([]);
    });

    it('leaves what its operator has set', async () => {
      const work = await withShortWait(await declared('work'));
      await withManager(({ manager }) => manager.streams.update(streamOf(work.name), { max_msgs: 7 }));
      await broker.declare({ exchanges: [], queues: [work] });
      await withManager(async ({ manager }) => {
        expect((await manager.streams.info(streamOf(work.name))).config.max_msgs).toBe(7);
        const info = await manager.consumers.info(streamOf(work.name), 'partition-0');
        expect(info.config.ack_wait).toBe(shortWaitMs * 1_000_000);
      });
    });

    it('takes a change of what a publisher does not rely on', async () => {
      const work = await declared('work');
      await broker.declare({ exchanges: [], queues: [{ ...work, maxDeliveries: 1 }] });
      await broker.publish({ exchange: '', key: work.name }, wire('m1'));
      await collect(other, work.name, async () => {
        throw new Error('the handler broke');
      });
      await until(async () => (await broker.admin.depth(work))?.dead === 1);
    });
  });

  describe('differences', () => {
    it('name the stream, consumer or entry, what is there, what should be, and the command', async () => {
      const events = { name: `${run}.events`, kind: 'topic' as const };
      const work = bound('work', 'a');
      const topology = { exchanges: [events], queues: [work] };
      await broker.declare(topology);
      await other.declare({ exchanges: [], queues: [bound('work', "o'b")] });
      const stream = streamOf(work.name);
      await withManager(async ({ manager }) => {
        await manager.consumers.delete(stream, 'retry');
        await manager.consumers.delete(stream, 'partition-0');
        await manager.consumers.add(stream, {
          durable_name: 'partition-0',
          filter_subject: `sw.queue.${run}_work.0`,
          ack_policy: 'explicit',
          max_deliver: 3,
          max_ack_pending: -1,
        });
      });
      const wanted = { ...topology, queues: [{ ...work, maxDeliveries: 4 }] };
      const found = await broker.admin.diff(wanted);
      expect(found.map(({ kind, resource, detail }) => `${kind} ${resource}: ${detail}`)).toEqual([
        `different consumer: consumer "${stream} > partition-0" has max_deliver 3, the contracts say -1`,
        `missing consumer: stream "${stream}" has no consumer "retry"`,
        `different queue: queue "${work.name}" has maxDeliveries 10, the contracts say 4`,
        `extra binding: queue "${work.name}" is bound, against the contracts, to exchange "${events.name}" with the key "o'b"`,
      ]);
      expect(found[1]?.command).toBe(
        `nats consumer add ${stream} retry --pull --filter sw.queue.${run}_work.retry --ack explicit --deliver all --replay instant --wait 15s --max-deliver=-1 --max-pending=-1 --defaults`,
      );
      expect(found[3]?.command).toMatch(/^nats kv put seamwright binding\.\S+ '\{.*"keys":\["a"\]\}'$/);
    });
  });

  const shortWaitMs = 900;

  /** As an operator sets it; the broker lives by what the server says. */
  async function withShortWait(queue: Queue): Promise<Queue> {
    await withManager(({ manager }) =>
      manager.consumers.update(streamOf(queue.name), 'partition-0', { ack_wait: shortWaitMs * 1_000_000 }),
    );
    return queue;
  }

  async function withManager(act: (as: Awaited<ReturnType<typeof operator>>) => Promise<unknown>): Promise<void> {
    const as = await operator(url);
    try {
      await act(as);
    } finally {
      await as.link.close();
    }
  }

  function bound(role: string, key: string): Queue {
    return queueNamed(`${run}.${role}`, { bindings: [{ exchange: `${run}.events`, key }] });
  }

  async function declared(role: string, settings: Partial<Queue> = {}): Promise<Queue> {
    const queue = queueNamed(`${run}.${role}`, settings);
    await broker.declare({ exchanges: [], queues: [queue] });
    return queue;
  }

  async function texts(queue: Queue): Promise<readonly string[]> {
    return ((await broker.admin.peek(queue, { limit: 100 })) ?? []).map((message) => textOf({ message }));
  }
});
