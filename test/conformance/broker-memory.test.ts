import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import type { Delivery, Queue } from '../../runtime/brokers/broker.js';
import { type MemoryBrokerOptions, type MemoryConnection, memoryBroker } from '../../runtime/brokers/memory.js';
import { brokerFor } from '../../runtime/brokers/registry.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { UnavailableError, UsageError } from '../../runtime/errors.js';
import { brokerConformance } from './broker.js';

const capabilities = {
  persistent: false,
  unroutableDetected: true,
  orderPerKey: true,
  delayedRetry: true,
  competingConsumers: true,
};

brokerConformance('memory', { capabilities, make: async () => underTest({}) });
brokerConformance('memory, consumers chosen by chance', {
  capabilities,
  make: async () => underTest({ random: { next: chance(7), uuid: () => '' } }),
});

describe('memory broker', () => {
  const clock = new VirtualClock();
  const broker = memoryBroker({ clock });
  let count = 0;

  afterEach(() => expect(clock.pending).toBe(0));

  it('puts a returned message back where it stood', async () => {
    const work = await declared();
    await send(work, 'm1', 'm2', 'm3', 'm4');
    const held = await broker.subscribe(work.name, { prefetch: 2 }, async () => {});
    await clock.advance(0);
    expect(texts(broker.messages(work.name))).toEqual(['m3', 'm4']);
    await held.stop();
    expect(texts(broker.messages(work.name))).toEqual(['m1', 'm2', 'm3', 'm4']);
  });

  it('puts a delayed retry behind what came meanwhile', async () => {
    const work = await declared();
    await send(work, 'm1', 'm2');
    const once = await broker.subscribe(work.name, { prefetch: 1 }, (delivery) => delivery.retry(50));
    await clock.runUntil(() => broker.depth(work.name).delayed === 2);
    once.pause();
    await send(work, 'm3');
    await clock.advance(50);
    expect(texts(broker.messages(work.name))).toEqual(['m3', 'm1', 'm2']);
    await once.stop();
  });

  it('hands out again what was in flight when the connection broke, and ignores the late acknowledgement', async () => {
    const work = await declared();
    const service = broker.connect();
    const seen: Delivery[] = [];
    await service.subscribe(work.name, { prefetch: 5 }, async (delivery) => void seen.push(delivery));
    await send(work, 'm1');
    await clock.advance(0);
    service.cut();
    await expect(service.publish({ exchange: '', key: work.name }, wire('m2'))).rejects.toBeInstanceOf(
      UnavailableError,
    );
    await seen[0]?.ack();
    expect(broker.depth(work.name)).toEqual({ ready: 1, inFlight: 0, delayed: 0 });
    service.restore();
    await clock.runUntil(() => seen.length === 2);
    expect(seen.map((delivery) => delivery.attempt)).toEqual([1, 2]);
    await seen[1]?.ack();
    expect(broker.depth(work.name)).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    await service.close();
  });

  it('cuts every client when the broker itself goes away, and brings all back', async () => {
    const own = memoryBroker({ clock });
    const service = own.connect();
    own.cut();
    await expect(service.declare({ exchanges: [], queues: [] })).rejects.toBeInstanceOf(UnavailableError);
    expect(() => own.connect()).toThrow(UnavailableError);
    own.restore();
    await service.declare({ exchanges: [], queues: [] });
    await own.close();
    own.restore();
    await expect(own.declare({ exchanges: [], queues: [] })).rejects.toBeInstanceOf(UnavailableError);
    await expect(service.declare({ exchanges: [], queues: [] })).rejects.toBeInstanceOf(UnavailableError);
  });

  it('leaves other clients alone when one closes', async () => {
    const work = await declared();
    const [leaving, staying] = [broker.connect(), broker.connect()];
    await leaving.close();
    await staying.publish({ exchange: '', key: work.name }, wire('m1'));
    expect(texts(broker.messages(work.name))).toEqual(['m1']);
    await drain(work);
  });

  it('is idle once nothing is queued, in flight or delayed, whatever lies in the dead letters', async () => {
    const own = memoryBroker({ clock });
    const work = queueNamed('work');
    await own.declare({ exchanges: [], queues: [work] });
    await own.idle();
    await own.publish({ exchange: '', key: work.name }, wire('m1'));
    await own.publish({ exchange: '', key: work.name }, wire('m2'));
    let idle = false;
    const waiting = own.idle().then(() => {
      idle = true;
    });
    await clock.advance(1000);
    expect(idle).toBe(false);
    const started = clock.now();
    const subscription = await own.subscribe(work.name, { prefetch: 1 }, (delivery) => {
      if (textOf(delivery.message) === 'm2') return delivery.deadLetter({});
      return delivery.attempt === 1 ? delivery.retry(5000) : delivery.ack();
    });
    await clock.run(waiting);
    expect([clock.now() - started, texts(own.deadLetters(work.name))]).toEqual([5000, ['m2']]);
    await subscription.stop();
  });

  it('names the reason, the queue and the attempts of a message that nobody survived', async () => {
    const work = await declared({ maxDeliveries: 2 });
    await send(work, 'killer');
    const subscription = await broker.subscribe(work.name, { prefetch: 1 }, () => Promise.reject(new Error('died')));
    await clock.run(broker.idle([work.name]));
    expect(broker.deadLetters(work.name)[0]?.headers).toEqual({
      'sw-reason': 'delivery-limit',
      'sw-queue': work.name,
      'sw-attempts': '2',
    });
    await subscription.stop();
  });

  it('counts a message that is held by nobody who settles it against the delivery limit', async () => {
    const work = await declared({ maxDeliveries: 2 });
    await send(work, 'm1');
    for (let round = 0; round < 2; round++) {
      const service = broker.connect();
      await service.subscribe(work.name, { prefetch: 1 }, () => new Promise(() => {}));
      await clock.advance(0);
      await service.close();
    }
    expect([texts(broker.messages(work.name)), texts(broker.deadLetters(work.name))]).toEqual([[], ['m1']]);
  });

  it('lets time pass between the hand-overs of a message that fails at once, even among the dead letters', async () => {
    const work = await declared();
    await send(work, 'm1');
    const buried = await broker.subscribe(work.name, { prefetch: 1 }, (delivery) => delivery.deadLetter({}));
    let handedOut = 0;
    const undertaker = await broker.subscribe(work.deadLetter, { prefetch: 1 }, async (delivery) => {
      handedOut++;
      if (handedOut % 2 === 0) throw new Error('cannot');
      await delivery.deadLetter({ 'x-again': 'yes' });
    });
    await clock.advance(100);
    expect(handedOut).toBeGreaterThan(50);
    expect(handedOut).toBeLessThan(110);
    await buried.stop();
    await undertaker.stop();
    await clock.advance(10);
    expect(broker.messages(work.deadLetter)[0]?.headers['x-again']).toBe('yes');
  });

  it('spreads keys over partitions and keeps each on its own', async () => {
    const work = await declared({ partitions: 3 });
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
      await broker.publish({ exchange: '', key: work.name }, { ...wire(key), headers: { 'ce-partitionkey': key } });
    }
    const subscription = await broker.subscribe(work.name, { prefetch: 100 }, async () => {});
    await clock.advance(0);
    expect(broker.depth(work.name)).toEqual({ ready: 5, inFlight: 3, delayed: 0 });
    await subscription.stop();
    await drain(work);
  });

  it('hands out what came first, whichever partition it lies in', async () => {
    const work = await declared({ partitions: 5 });
    const keys = ['h', 'c', 'a', 'g', 'b', 'e', 'd', 'f'];
    for (const key of keys) await broker.publish({ exchange: '', key: work.name, partitionKey: key }, wire(key));
    const seen: string[] = [];
    const subscription = await broker.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
      seen.push(textOf(delivery.message));
      await delivery.ack();
    });
    await clock.run(broker.idle([work.name]));
    expect(seen).toEqual(keys);
    await subscription.stop();
  });

  it('lets consumers take turns', async () => {
    const work = await declared();
    await send(work, 'm1', 'm2', 'm3', 'm4', 'm5');
    const seen: string[] = [];
    const take = (name: string) =>
      broker.subscribe(work.name, { prefetch: 5 }, async (delivery) => {
        seen.push(`${name} ${textOf(delivery.message)}`);
        await delivery.ack();
      });
    const subscriptions = await Promise.all(['a', 'b', 'c'].map(take));
    await clock.run(broker.idle([work.name]));
    expect(seen).toEqual(['a m1', 'b m2', 'c m3', 'a m4', 'b m5']);
    for (const subscription of subscriptions) await subscription.stop();
  });

  it('gives back at once what a stopping subscription held when the connection broke', async () => {
    const work = await declared();
    const service = broker.connect();
    const subscription = await service.subscribe(work.name, { prefetch: 1 }, () => clock.sleep(1000));
    await send(work, 'm1');
    await clock.advance(0);
    const stopped = subscription.stop();
    service.cut();
    expect(texts(broker.messages(work.name))).toEqual(['m1']);
    await clock.run(stopped);
    expect(texts(broker.messages(work.name))).toEqual(['m1']);
  });

  it('gives nobody a way to change what is stored', async () => {
    const work = await declared();
    const sent = wire('m1');
    await broker.publish({ exchange: '', key: work.name }, sent);
    sent.body[0] = 0;
    const seen: string[] = [];
    const subscription = await broker.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
      seen.push(textOf(delivery.message));
      delivery.message.body.fill(0);
      if (delivery.attempt === 1) throw new Error('again');
      await delivery.ack();
    });
    await clock.run(broker.idle([work.name]));
    expect(seen).toEqual(['m1', 'm1']);
    await subscription.stop();
  });

  it.each([
    ['another kind', { exchanges: [{ name: 'x', kind: 'direct' as const }], queues: [] }],
    ['other settings', { exchanges: [], queues: [{ ...queueNamed('q'), partitions: 2 }] }],
    [
      'an unknown exchange',
      { exchanges: [], queues: [{ ...queueNamed('r'), bindings: [{ exchange: 'y', key: 'k' }] }] },
    ],
    ['no delivery at all', { exchanges: [], queues: [{ ...queueNamed('r'), maxDeliveries: 0 }] }],
    ['the nameless exchange', { exchanges: [{ name: '', kind: 'topic' as const }], queues: [] }],
  ])('refuses a declaration with %s and declares nothing', async (_, topology) => {
    const own = memoryBroker({ clock });
    await own.declare({ exchanges: [{ name: 'x', kind: 'topic' }], queues: [queueNamed('q')] });
    const fresh = {
      exchanges: [{ name: 'new', kind: 'topic' as const }, ...topology.exchanges],
      queues: topology.queues,
    };
    await expect(own.declare(fresh)).rejects.toBeInstanceOf(UsageError);
    await own.declare({ exchanges: [{ name: 'new', kind: 'fanout' }], queues: [] });
  });

  it('refuses a queue that nobody declared and a prefetch that takes nothing', async () => {
    const work = await declared();
    await expect(broker.subscribe('nobody', { prefetch: 1 }, async () => {})).rejects.toBeInstanceOf(UsageError);
    await expect(broker.subscribe(work.name, { prefetch: 0 }, async () => {})).rejects.toBeInstanceOf(UsageError);
  });

  describe('faults', () => {
    it('a refused publish keeps nothing, a lost confirm keeps the message', async () => {
      const answers = ['refuse', 'lose-confirm', 'none'] as const;
      let asked = 0;
      const own = memoryBroker({ clock, faults: { publish: () => answers[asked++] ?? 'none' } });
      await own.declare({ exchanges: [], queues: [queueNamed('q')] });
      for (const text of ['refused', 'unconfirmed']) {
        await expect(own.publish({ exchange: '', key: 'q' }, wire(text))).rejects.toBeInstanceOf(UnavailableError);
      }
      await own.publish({ exchange: '', key: 'q' }, wire('kept'));
      expect(texts(own.messages('q'))).toEqual(['unconfirmed', 'kept']);
    });

    it('a late and a doubled arrival', async () => {
      const delays: Record<string, readonly number[]> = { late: [30], twice: [0, 10] };
      const own = memoryBroker({ clock, faults: { arrive: (_, message) => delays[textOf(message)] ?? [0] } });
      await own.declare({ exchanges: [], queues: [queueNamed('q')] });
      for (const text of ['late', 'twice', 'healthy']) await own.publish({ exchange: '', key: 'q' }, wire(text));
      expect(own.depth('q')).toEqual({ ready: 2, inFlight: 0, delayed: 2 });
      await clock.advance(30);
      expect(texts(own.messages('q'))).toEqual(['twice', 'healthy', 'twice', 'late']);
    });

    it('a lost acknowledgement hands the message out again', async () => {
      const own = memoryBroker({
        clock,
        faults: { settle: (_queue, _message, attempt) => (attempt === 1 ? 'lose' : 'none') },
      });
      await own.declare({ exchanges: [], queues: [queueNamed('q')] });
      await own.publish({ exchange: '', key: 'q' }, wire('m1'));
      const seen: number[] = [];
      const refusals: unknown[] = [];
      const subscription = await own.subscribe('q', { prefetch: 1 }, async (delivery) => {
        seen.push(delivery.attempt);
        const refused = (error: unknown) => void refusals.push(error);
        await delivery.ack().catch(refused);
        await delivery.ack().catch(refused);
      });
      await clock.run(own.idle());
      expect([seen, refusals]).toEqual([[1, 2], [expect.any(UnavailableError)]]);
      await subscription.stop();
    });
  });

  it('runs the same way twice', async () => {
    const history = async () => {
      const own = new VirtualClock();
      const one = memoryBroker({ clock: own, random: { next: chance(42), uuid: () => '' } });
      const lines: string[] = [];
      await one.declare({ exchanges: [], queues: [{ ...queueNamed('q'), partitions: 4 }] });
      for (const name of ['a', 'b', 'c']) {
        await one.subscribe('q', { prefetch: 2 }, async (delivery) => {
          lines.push(`${own.now()} ${name} ${textOf(delivery.message)} ${delivery.attempt}`);
          await own.sleep(delivery.attempt * 3);
          if (textOf(delivery.message).endsWith('7') && delivery.attempt < 3) return delivery.retry(20);
          return delivery.ack();
        });
      }
      for (let index = 0; index < 40; index++) {
        await one.publish({ exchange: '', key: 'q', partitionKey: `k${index % 9}` }, wire(`m${index}`));
      }
      await own.run(one.idle());
      return lines;
    };
    const first = await history();
    expect(first.length).toBe(40 + 2 * 4);
    expect(await history()).toEqual(first);
  });

  it('takes a backlog of 100,000 messages without slowing down', async () => {
    const own = memoryBroker({ clock });
    await own.declare({
      exchanges: [{ name: 'x', kind: 'topic' }],
      queues: [{ ...queueNamed('q'), bindings: [{ exchange: 'x', key: 'a.#' }] }],
    });
    const small = wire('m');
    const started = performance.now();
    for (let index = 0; index < 100_000; index++) await own.publish({ exchange: 'x', key: 'a.b' }, small);
    let taken = 0;
    const subscription = await own.subscribe('q', { prefetch: 100 }, (delivery) => {
      taken++;
      return delivery.ack();
    });
    await clock.run(own.idle());
    await subscription.stop();
    expect(taken).toBe(100_000);
    // Moving the queue at each message would take minutes; this leaves room for a slow machine.
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  async function declared(settings: Partial<Queue> = {}): Promise<Queue> {
    const work = { ...queueNamed(`work${count++}`), ...settings };
    await broker.declare({ exchanges: [], queues: [work] });
    return work;
  }

  async function send(to: Queue, ...bodies: readonly string[]): Promise<void> {
    for (const text of bodies) await broker.publish({ exchange: '', key: to.name }, wire(text));
  }

  async function drain(work: Queue): Promise<void> {
    const subscription = await broker.subscribe(work.name, { prefetch: 10 }, (delivery) => delivery.ack());
    await clock.run(broker.idle([work.name]));
    await subscription.stop();
  }
});

describe('brokerFor', () => {
  it('gives everyone without a URL the same broker, and each their own connection', async () => {
    const [a, b] = [await brokerFor(), await brokerFor('memory:')] as [MemoryConnection, MemoryConnection];
    await a.declare({ exchanges: [], queues: [queueNamed('shared')] });
    await a.close();
    await b.publish({ exchange: '', key: 'shared' }, wire('m1'));
    expect(texts(b.messages('shared'))).toEqual(['m1']);
    const apart = (await brokerFor('memory:apart')) as MemoryConnection;
    expect(() => apart.messages('shared')).toThrow(UsageError);
  });

  it.each([
    ['carrier-pigeon://user:secret@loft', '"carrier-pigeon:"'],
    ['constructor:', '"constructor:"'],
    ['no scheme', 'a URL without a scheme'],
  ])('refuses %s and names the known ones, not the URL', async (url, told) => {
    const refusal = await brokerFor(url).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect(String(refusal)).toContain(told);
    expect(String(refusal)).toContain('"memory:"');
    expect(String(refusal)).not.toContain('secret');
  });
});

function underTest(options: MemoryBrokerOptions) {
  const clock = new VirtualClock();
  const broker = memoryBroker({ ...options, clock });
  return {
    broker,
    clock,
    until: (condition: () => boolean) => clock.runUntil(condition, 60_000),
    connect: async () => {
      const client = broker.connect();
      return { broker: client, kill: async () => client.cut() };
    },
    dispose: () => broker.close(),
  };
}

function queueNamed(name: string): Queue {
  return { name, service: 'test', bindings: [], deadLetter: `${name}.dead`, maxDeliveries: 10, partitions: 1 };
}

function wire(text: string): WireMessage & { readonly body: Uint8Array } {
  return { headers: {}, body: new TextEncoder().encode(text) };
}

function textOf(message: WireMessage): string {
  return new TextDecoder().decode(message.body);
}

function texts(messages: readonly WireMessage[]): readonly string[] {
  return messages.map(textOf);
}

/** A small generator of repeatable chance (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
