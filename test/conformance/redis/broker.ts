import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executable } from '../../../harness/live/servers/server.js';
import type { Delivery, Queue } from '../../../runtime/brokers/broker.js';
import { keysOf } from '../../../runtime/brokers/redis/keys.js';
import { type RedisBroker, redisBroker, redisKeys } from '../../../runtime/brokers/redis.js';
import { brokerFor } from '../../../runtime/brokers/registry.js';
import { type Clock, systemClock } from '../../../runtime/clock.js';
import { UnroutableError, UsageError } from '../../../runtime/errors.js';
import { forget, keysWith, ownPrefix, queueNamed, textOf, until, wire } from './under-test.js';

const leaseMs = 600;

/** What only the broker on Redis promises. */
export function redisTests(url: string): void {
  describe('redis broker', () => {
    let prefix: string;
    let broker: RedisBroker;
    let redis: Redis;
    let clients: RedisBroker[];

    beforeEach(async () => {
      prefix = ownPrefix();
      clients = [];
      broker = await client();
      redis = new Redis(url);
    });
    afterEach(async () => {
      await Promise.all(clients.map((one) => one.close()));
      redis.disconnect();
      await forget(url, prefix);
    });

    async function client(clock: Clock = systemClock, lease = leaseMs): Promise<RedisBroker> {
      const opened = await redisBroker(`${url}?prefix=${prefix}&leaseMs=${lease}`, { clock });
      clients.push(opened);
      return opened;
    }

    async function declared(name: string, settings: Partial<Queue> = {}): Promise<Queue> {
      const queue = queueNamed(name, settings);
      await broker.declare({ exchanges: [], queues: [queue] });
      return queue;
    }

    const send = (queue: Pick<Queue, 'name'>, text: string) =>
      broker.publish({ exchange: '', key: queue.name }, wire(text));

    it('is opened by its scheme', async () => {
      const opened = await brokerFor(`${url}?prefix=${prefix}`);
      expect(opened.kind).toBe('redis');
      await opened.close();
    });

    describe('leases', () => {
      it('a consumer that stood still for three leases loses its messages, and its late settlements do nothing', async () => {
        const work = await declared('work');
        const still = stillClock();
        const stalled = await client(still.clock);
        const late: Delivery[] = [];
        const subscription = await stalled.subscribe(
          work.name,
          { prefetch: 10 },
          async (delivery) => void late.push(delivery),
        );
        for (const text of ['acked', 'retried', 'buried']) await send(work, text);
        await until(() => late.length === 3);
        subscription.pause();
        still.stop();

        const taken: Delivery[] = [];
        const heir = await broker.subscribe(work.name, { prefetch: 10 }, async (delivery) => void taken.push(delivery));
        const started = performance.now();
        await until(() => taken.length === 3);
        // Not before the lease ran out, though the heir looked several times.
        expect(performance.now() - started).toBeGreaterThan(leaseMs / 3);
        await until(() => performance.now() - started > 3 * leaseMs);

        await late[0]?.ack();
        await late[1]?.retry(0);
        await late[2]?.deadLetter({ 'x-why': 'late' });
        expect(await broker.admin.depth(work)).toMatchObject({ ready: 0, delayed: 0, inFlight: 3, dead: 0 });
        expect(taken.map(({ attempt }) => attempt)).toEqual([2, 2, 2]);
        for (const delivery of taken) await delivery.ack();
        expect(await broker.admin.depth(work)).toMatchObject({ ready: 0, delayed: 0, inFlight: 0, dead: 0 });
        await heir.stop();
      });

      it('a handler may take as long as it likes', async () => {
        const work = await declared('work');
        await send(work, 'long');
        // Long enough that a busy machine does not miss a renewal.
        const lease = 1_500;
        let attempts = 0;
        let done = 0;
        const take = async (delivery: Delivery) => {
          attempts++;
          await systemClock.sleep(2.5 * lease);
          await delivery.ack();
          done++;
        };
        for (const one of [await client(systemClock, lease), await client(systemClock, lease)]) {
          await one.subscribe(work.name, { prefetch: 1 }, take);
        }
        await until(() => done === 1);
        expect([attempts, await broker.admin.depth(work)]).toMatchObject([1, { ready: 0, inFlight: 0 }]);
      });

      it('a consumer that was given a message again cannot settle it under the earlier attempt', async () => {
        const work = await declared('work');
        const still = stillClock();
        const stalled = await client(still.clock);
        const seen: Delivery[] = [];
        const subscription = await stalled.subscribe(
          work.name,
          { prefetch: 2 },
          async (delivery) => void seen.push(delivery),
        );
        await send(work, 'm1');
        await until(() => seen.length === 1);
        subscription.pause();
        still.stop();
        // The heir finds the lease run out and gives the message back, but takes nothing itself.
        const heir = await broker.subscribe(work.name, { prefetch: 1 }, async () => {});
        heir.pause();
        await until(async () => (await broker.admin.depth(work))?.ready === 1);
        still.goOn();
        subscription.resume();
        await until(() => seen.length === 2);
        await seen[0]?.ack();
        expect((await broker.admin.depth(work))?.inFlight).toBe(1);
        expect(seen[1]?.attempt).toBe(2);
        await seen[1]?.ack();
        expect((await broker.admin.depth(work))?.inFlight).toBe(0);
      });

      it('two subscriptions of one client are woken and ended each on its own', async () => {
        const work = await declared('work');
        const seen: string[] = [];
        const take = (name: string) => async (delivery: Delivery) => {
          seen.push(`${name} ${textOf(delivery)}`);
          await delivery.ack();
        };
        // With a lease this long, only the message itself wakes anybody in time.
        const patient = await client(systemClock, 3_600_000);
        const first = await patient.subscribe(work.name, { prefetch: 1 }, take('first'));
        await patient.subscribe(work.name, { prefetch: 1 }, take('second'));
        await until(async () => (await redis.exists(keysOf(prefix).asleep(work.name))) === 1);
        await first.stop();
        await until(async () => (await redis.exists(keysOf(prefix).asleep(work.name))) === 1);
        await send(work, 'm1');
        await until(() => seen.length === 1);
        expect(seen).toEqual(['second m1']);
      });
    });

    describe('keeping', () => {
      it('what is done leaves nothing behind', async () => {
        const work = await declared('work', { partitions: 3 });
        for (let index = 0; index < 30; index++) await send(work, `m${index}`);
        const seen: string[] = [];
        const subscription = await broker.subscribe(work.name, { prefetch: 5 }, async (delivery) => {
          seen.push(textOf(delivery));
          await (seen.length % 3 === 0 && delivery.attempt === 1 ? delivery.retry(1) : delivery.ack());
        });
        await until(async () => {
          const depth = await broker.admin.depth(work);
          return depth !== null && depth.ready + depth.delayed + (depth.inFlight ?? 0) === 0;
        });
        await subscription.stop();
        const keys = keysOf(prefix);
        for (let partition = 0; partition < 3; partition++) {
          expect(await redis.xlen(keys.stream(work.name, partition))).toBe(0);
          expect(await redis.xinfo('CONSUMERS', keys.stream(work.name, partition), 'seamwright')).toSatisfy(
            (consumers: readonly (readonly unknown[])[]) => consumers.every(([, name]) => name === 'waiting'),
          );
        }
        const made = redisKeys({ exchanges: [], queues: [work] }, prefix).map(({ key }) => key);
        expect((await keysWith(redis, prefix)).filter((key) => !made.includes(key))).toEqual([]);
      });

      it('names the keys that declaring makes', async () => {
        const exchange = { name: 'events', kind: 'topic' as const };
        const queues = [
          queueNamed('a', { partitions: 2, bindings: [{ exchange: 'events', key: '#' }], deadLetter: 'dead' }),
          queueNamed('b', { deadLetter: 'dead' }),
        ];
        const topology = { exchanges: [exchange], queues };
        await broker.declare(topology);
        const named = redisKeys(topology, prefix);
        expect(named.map(({ key }) => key).sort()).toEqual(await keysWith(redis, prefix));
        for (const { key, type, group } of named) {
          expect(await redis.type(key)).toBe(type);
          if (group === undefined) continue;
          const [facts] = (await redis.xinfo('GROUPS', key)) as readonly (readonly unknown[])[];
          expect(facts?.[1]).toBe(group);
        }
      });

      it('dead-letters a message that nobody took in time', async () => {
        const work = await declared('work', { messageTtlMs: 40 });
        await send(work, 'old');
        const [seconds = '0', micros = '0'] = (await redis.time()).map(String);
        const published = Number(seconds) * 1_000 + Number(micros) / 1_000;
        await until(async () => {
          const [now = '0', rest = '0'] = (await redis.time()).map(String);
          return Number(now) * 1_000 + Number(rest) / 1_000 > published + 60;
        });
        const seen: string[] = [];
        await broker.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
          seen.push(textOf(delivery));
          await delivery.ack();
        });
        await send(work, 'fresh');
        await until(() => seen.length === 1);
        expect(seen).toEqual(['fresh']);
        const [dead] = await broker.admin.deadLetters(work, { limit: 2 });
        expect(dead?.headers).toEqual({ 'sw-reason': 'expired', 'sw-queue': 'work', 'sw-attempts': '0' });
      });

      it('names the reason, the queue and the attempts of a message that nobody survived', async () => {
        const work = await declared('work', { maxDeliveries: 2 });
        await broker.publish({ exchange: '', key: work.name }, wire('killer', { 'ce-id': 'é\ud800"\\' }));
        await broker.subscribe(work.name, { prefetch: 1 }, () => Promise.reject(new Error('died')));
        await until(async () => (await broker.admin.depth(work))?.dead === 1);
        const [dead] = await broker.admin.deadLetters(work, { limit: 2 });
        expect(dead?.headers).toEqual({
          'ce-id': 'é\ud800"\\',
          'sw-reason': 'delivery-limit',
          'sw-queue': 'work',
          'sw-attempts': '2',
        });
      });

      it('gives up a message whose consumer died as often as is allowed', async () => {
        const work = await declared('work', { maxDeliveries: 2 });
        await send(work, 'killer');
        for (const attempt of [1, 2]) {
          const doomed = await client();
          const seen: Delivery[] = [];
          await doomed.subscribe(work.name, { prefetch: 1 }, async (delivery) => void seen.push(delivery));
          await until(() => seen.length === 1);
          expect(seen[0]?.attempt).toBe(attempt);
          await doomed.abort();
        }
        const seen: Delivery[] = [];
        await broker.subscribe(work.name, { prefetch: 1 }, async (delivery) => void seen.push(delivery));
        await until(async () => (await broker.admin.depth(work))?.dead === 1);
        expect(seen).toEqual([]);
      });

      it('gives back unseen what came while the subscription was paused', async () => {
        const work = await declared('work');
        const paused = await broker.subscribe(work.name, { prefetch: 5 }, async () => {});
        await send(work, 'm1');
        // The answer to the look that this message causes arrives after the pause, or the look is never taken.
        paused.pause();
        const seen: Delivery[] = [];
        const other = await client();
        await other.subscribe(work.name, { prefetch: 5 }, async (delivery) => {
          seen.push(delivery);
          await delivery.ack();
        });
        await until(() => seen.length === 1);
        expect(seen[0]?.attempt).toBe(1);
      });
    });

    describe('routing', () => {
      it('a publisher that knew the bindings reaches a queue that was declared later', async () => {
        const events = { name: 'events', kind: 'topic' as const };
        const bound = { bindings: [{ exchange: 'events', key: 'user.*' }] };
        const [first, second] = [queueNamed('first', bound), queueNamed('second', bound)];
        await broker.declare({ exchanges: [events], queues: [first] });
        const publisher = await client();
        await publisher.publish({ exchange: 'events', key: 'user.created' }, wire('m1'));
        await broker.declare({ exchanges: [events], queues: [second] });
        await publisher.publish({ exchange: 'events', key: 'user.created' }, wire('m2'));
        expect(await broker.admin.depth(first)).toMatchObject({ ready: 2 });
        expect(await broker.admin.depth(second)).toMatchObject({ ready: 1 });
      });

      it('two that declare at the same time both succeed', async () => {
        const others = await Promise.all([client(), client(), client()]);
        const events = { name: 'events', kind: 'topic' as const };
        const queues = others.map((_, index) =>
          queueNamed(`q${index}`, { bindings: [{ exchange: 'events', key: '#' }] }),
        );
        await Promise.all(
          others.map((one, index) => one.declare({ exchanges: [events], queues: [queues[index] as Queue] })),
        );
        await broker.publish({ exchange: 'events', key: 'k' }, wire('m1'));
        for (const queue of queues) expect(await broker.admin.depth(queue)).toMatchObject({ ready: 1 });
      });

      it.each([
        ['another kind', { exchanges: [{ name: 'x', kind: 'direct' as const }], queues: [] }],
        ['other settings', { exchanges: [], queues: [queueNamed('q', { partitions: 2 })] }],
        [
          'an unknown exchange',
          { exchanges: [], queues: [queueNamed('r', { bindings: [{ exchange: 'y', key: 'k' }] })] },
        ],
        ['no delivery at all', { exchanges: [], queues: [queueNamed('r', { maxDeliveries: 0 })] }],
        ['the nameless exchange', { exchanges: [{ name: '', kind: 'topic' as const }], queues: [] }],
      ])('refuses a declaration with %s and declares nothing', async (_, topology) => {
        await broker.declare({ exchanges: [{ name: 'x', kind: 'topic' }], queues: [queueNamed('q')] });
        const before = await keysWith(redis, prefix);
        const fresh = {
          exchanges: [{ name: 'new', kind: 'topic' as const }, ...topology.exchanges],
          queues: topology.queues,
        };
        await expect(broker.declare(fresh)).rejects.toBeInstanceOf(UsageError);
        expect(await keysWith(redis, prefix)).toEqual(before);
        expect(await redis.hexists(keysOf(prefix).exchanges, 'new')).toBe(0);
      });

      it('refuses a queue that nobody declared and a prefetch that takes nothing', async () => {
        const work = await declared('work');
        await expect(broker.subscribe('nobody', { prefetch: 1 }, async () => {})).rejects.toBeInstanceOf(UsageError);
        await expect(broker.subscribe(work.name, { prefetch: 0 }, async () => {})).rejects.toBeInstanceOf(UsageError);
      });

      it('names mean themselves, whatever characters they have', async () => {
        const names = ['}{a', 'a:b', 'it\'s "$(id)" `x` \\', 'line\nbreak\t\0', '*', 'ünï 𝄞', '0:a', ' '];
        const exchanges = names.map((name) => ({ name, kind: 'direct' as const }));
        const queues = names.map((name) =>
          queueNamed(`q${name}`, { bindings: [{ exchange: name, key: name }], maxDeliveries: 1 }),
        );
        await broker.declare({ exchanges, queues });
        for (const name of names) await broker.publish({ exchange: name, key: name }, wire(name, { [name]: name }));
        for (const queue of queues) {
          await broker.subscribe(queue.name, { prefetch: 1 }, () => Promise.reject(new Error('died')));
        }
        for (const [index, queue] of queues.entries()) {
          await until(async () => (await broker.admin.depth(queue))?.dead === 1);
          const [dead] = await broker.admin.deadLetters(queue, { limit: 2 });
          const name = names[index] as string;
          expect(textOf({ message: dead as NonNullable<typeof dead> })).toBe(name);
          expect(dead?.headers).toMatchObject({ [name]: name, 'sw-queue': queue.name });
        }
      });
    });

    describe('at most once', () => {
      const events = { name: 'ticks', kind: 'topic' as const, atMostOnce: true };
      const bound = (name: string, settings: Partial<Queue> = {}) =>
        queueNamed(name, { bindings: [{ exchange: 'ticks', key: 'tick.*' }], ...settings });
      const tick = (text: string, from = broker) =>
        from.publish({ exchange: 'ticks', key: 'tick.now' }, wire(text, { 'ce-id': text }));

      it('reaches one consumer of each queue, with headers and every byte, and keeps nothing', async () => {
        const [a, b] = [bound('a'), bound('b')];
        await broker.declare({ exchanges: [events], queues: [a, b] });
        const seen: [string, Delivery][] = [];
        const take = (name: string) => async (delivery: Delivery) => {
          seen.push([name, delivery]);
          await delivery.ack();
        };
        await broker.subscribe('a', { prefetch: 2 }, take('a'));
        await (await client()).subscribe('a', { prefetch: 2 }, take('a too'));
        await broker.subscribe('b', { prefetch: 2 }, take('b'));
        const body = Uint8Array.from({ length: 256 }, (_, index) => index);
        for (let index = 0; index < 10; index++) {
          await broker.publish({ exchange: 'ticks', key: 'tick.now' }, { headers: { 'ce-id': `${index}` }, body });
        }
        await until(() => seen.length === 20);
        const of = (name: string) => seen.filter(([to]) => to === name);
        // In turn.
        expect([of('a').length, of('a too').length, of('b').length]).toEqual([5, 5, 10]);
        for (const [, { message, attempt }] of seen) expect([[...message.body], attempt]).toEqual([[...body], 1]);
        expect(of('b').map(([, { message }]) => message.headers['ce-id'])).toEqual(
          Array.from({ length: 10 }, (_, index) => `${index}`),
        );
        expect(await broker.admin.depth(a)).toMatchObject({ ready: 0, delayed: 0, dead: 0, inFlight: 0 });
      });

      it('is lost without a consumer, refused without a queue', async () => {
        const a = bound('a');
        await broker.declare({ exchanges: [events], queues: [a] });
        await tick('lost');
        await expect(broker.publish({ exchange: 'ticks', key: 'tock' }, wire('m'))).rejects.toBeInstanceOf(
          UnroutableError,
        );
        const seen: string[] = [];
        await broker.subscribe('a', { prefetch: 1 }, async (delivery) => {
          seen.push(textOf(delivery));
          await delivery.ack();
        });
        await tick('m1');
        await until(() => seen.length === 1);
        expect(seen).toEqual(['m1']);
      });

      it('passes over consumers that died without a word', async () => {
        await broker.declare({ exchanges: [events], queues: [bound('a')] });
        const doomed = await client();
        await doomed.subscribe('a', { prefetch: 1 }, async () => {});
        const seen: string[] = [];
        await broker.subscribe('a', { prefetch: 1 }, async (delivery) => {
          seen.push(textOf(delivery));
        });
        await doomed.abort();
        const key = keysOf(prefix).takers('a');
        await until(async () => (await redis.pubsub('CHANNELS', `{${prefix}}:inbox:*`)).length === 1);
        for (const text of ['m1', 'm2', 'm3']) await tick(text);
        await until(() => seen.length === 3);
        expect([seen, await redis.llen(key)]).toEqual([['m1', 'm2', 'm3'], 1]);
      });

      it('is not sent to a paused subscription, and waits for room', async () => {
        await broker.declare({ exchanges: [events], queues: [bound('a')] });
        let open = 0;
        let most = 0;
        const seen: string[] = [];
        const subscription = await broker.subscribe('a', { prefetch: 2 }, async (delivery) => {
          most = Math.max(most, ++open);
          await systemClock.sleep(3);
          open--;
          seen.push(textOf(delivery));
        });
        for (let index = 0; index < 8; index++) await tick(`m${index}`);
        await until(() => seen.length === 8);
        expect(most).toBe(2);
        subscription.pause();
        await until(async () => (await redis.llen(keysOf(prefix).takers('a'))) === 0);
        await tick('lost');
        subscription.resume();
        await until(async () => (await redis.llen(keysOf(prefix).takers('a'))) === 1);
        await tick('last');
        await until(() => seen.length === 9);
        expect(seen.at(-1)).toBe('last');
      });

      it('is tried again in this process, and what cannot be helped is kept among the dead letters', async () => {
        const a = bound('a', { maxDeliveries: 3 });
        await broker.declare({ exchanges: [events], queues: [a] });
        const seen: [string, number][] = [];
        await broker.subscribe('a', { prefetch: 1 }, async (delivery) => {
          seen.push([textOf(delivery), delivery.attempt]);
          if (textOf(delivery) === 'bad') return delivery.deadLetter({ 'x-why': 'bad' });
          await delivery.retry(1);
          await delivery.ack();
        });
        await tick('again');
        await until(() => seen.length === 3);
        await tick('bad');
        await until(async () => (await broker.admin.depth(a))?.dead === 2);
        expect(seen).toEqual([
          ['again', 1],
          ['again', 2],
          ['again', 3],
          ['bad', 1],
        ]);
        const dead = await broker.admin.deadLetters(a, { limit: 5 });
        expect(dead.map(({ headers }) => headers)).toEqual([
          { 'ce-id': 'again', 'sw-reason': 'delivery-limit', 'sw-queue': 'a', 'sw-attempts': '3' },
          { 'ce-id': 'bad', 'x-why': 'bad', 'sw-queue': 'a', 'sw-attempts': '1' },
        ]);
      });

      it('a message whose handler failed is not seen again', async () => {
        await broker.declare({ exchanges: [events], queues: [bound('a')] });
        const seen: string[] = [];
        await broker.subscribe('a', { prefetch: 1 }, async (delivery) => {
          seen.push(textOf(delivery));
          throw new Error('died');
        });
        await tick('m1');
        await tick('m2');
        await until(() => seen.length === 2);
        expect(seen).toEqual(['m1', 'm2']);
      });
    });

    describe('operating', () => {
      it('shows what is due again before what is new, in order', async () => {
        const work = await declared('work');
        const sent = Array.from({ length: 30 }, (_, index) => `m${index}`);
        // Side by side: many in the same millisecond, so that their numbers differ in the last digits only.
        await Promise.all(sent.map((text) => send(work, text)));
        const shown = async (limit: number) =>
          (await broker.admin.peek(work, { limit }))?.map((message) => textOf({ message }));
        expect(await shown(50)).toEqual(sent);
        const first = await broker.subscribe(work.name, { prefetch: 25 }, async () => {});
        await until(async () => (await broker.admin.depth(work))?.inFlight === 25);
        expect(await broker.admin.depth(work)).toEqual({ ready: 5, delayed: 0, dead: 0, inFlight: 25, consumers: 1 });
        expect(await shown(50)).toEqual(sent.slice(25));
        await first.stop();
        expect(await shown(50)).toEqual(sent);
        expect(await shown(12)).toEqual(sent.slice(0, 12));
        expect(await broker.admin.depth(work)).toEqual({ ready: 30, delayed: 0, dead: 0, inFlight: 0, consumers: 0 });
      });

      it('shows the messages of all partitions, those of each in order', async () => {
        const work = await declared('work', { partitions: 2 });
        for (let index = 0; index < 8; index++) await send(work, `m${index}`);
        const shown = (await broker.admin.peek(work, { limit: 10 }))?.map((message) => textOf({ message })) ?? [];
        const even = (text: string) => Number(text.slice(1)) % 2 === 0;
        // Without a key they go to the partitions in turn.
        expect(shown.filter(even)).toEqual(['m0', 'm2', 'm4', 'm6']);
        expect(shown.filter((text) => !even(text))).toEqual(['m1', 'm3', 'm5', 'm7']);
        expect((await broker.admin.peek(work, { limit: 3 }))?.length).toBe(3);
      });

      const cli = executable('redis-cli');
      it.runIf(cli !== undefined)('the commands of a difference mend it, hostile names included', async () => {
        const name = 'it\'s "a" $(touch x) `y` {z}';
        const events = { name, kind: 'topic' as const, atMostOnce: true };
        const work = queueNamed(`${name} queue`, { partitions: 2, bindings: [{ exchange: name, key: `${name}.#` }] });
        const topology = { exchanges: [events], queues: [work] };
        const kinds = async () =>
          (await broker.admin.diff(topology)).map(({ kind, resource }) => `${kind} ${resource}`);
        expect(await kinds()).toEqual([
          'missing exchange',
          'missing queue',
          'missing queue',
          'missing binding',
          'missing group',
          'missing group',
          'missing group',
        ]);
        await mend();
        expect(await kinds()).toEqual([]);
        await broker.declare({ exchanges: [], queues: [] });
        expect((await broker.admin.depth(work))?.ready).toBe(0);

        const wider = { ...work, bindings: [...work.bindings, { exchange: name, key: 'more' }] };
        await broker.declare({ exchanges: [{ ...events, atMostOnce: false }], queues: [wider] });
        await redis.hset(
          keysOf(prefix).queues,
          work.name,
          JSON.stringify({ partitions: 2, maxDeliveries: 3, deadLetter: 'x' }),
        );
        expect(await kinds()).toEqual(['different exchange', 'different queue', 'extra binding']);
        await mend();
        expect(await kinds()).toEqual([]);

        async function mend(): Promise<void> {
          const { hostname, port } = new URL(url);
          const differences = await broker.admin.diff(topology);
          const commands = differences.map(({ command }) => command).join('\n');
          const shell = commands.replaceAll('redis-cli', `"$REDIS_CLI" -h ${hostname} -p ${port}`);
          await promisify(execFile)('sh', ['-ec', shell], { env: { ...process.env, REDIS_CLI: cli } });
        }
      });

      it('a publisher sees what an operator mended by hand', async () => {
        const events = { name: 'events', kind: 'fanout' as const };
        const [a, b] = [queueNamed('a', { bindings: [{ exchange: 'events', key: '' }] }), queueNamed('b')];
        await broker.declare({ exchanges: [events], queues: [a, b] });
        await broker.publish({ exchange: 'events', key: '' }, wire('m1'));
        const bound = { ...b, bindings: [{ exchange: 'events', key: '' }] };
        const [difference] = await broker.admin.diff({ exchanges: [], queues: [bound] });
        // Without the second command publishers would go on as before.
        expect(difference?.command).toMatch(/^redis-cli SADD .* && redis-cli APPEND .*:version' \.$/);
        await redis.sadd(keysOf(prefix).bindings, JSON.stringify(['events', '', 'b']));
        await redis.append(keysOf(prefix).version, '.');
        await broker.publish({ exchange: 'events', key: '' }, wire('m2'));
        expect([(await broker.admin.depth(a))?.ready, (await broker.admin.depth(b))?.ready]).toEqual([2, 1]);
      });
    });
  });
}

/** The machine's clock, whose timers can be held back, as those of a process that stands still. */
function stillClock(): { readonly clock: Clock; stop(): void; goOn(): void } {
  let held: (() => void)[] | undefined;
  return {
    clock: {
      ...systemClock,
      timer: (delayMs, run) => systemClock.timer(delayMs, () => (held === undefined ? run() : void held.push(run))),
    },
    stop: () => {
      held = [];
    },
    goOn: () => {
      const missed = held ?? [];
      held = undefined;
      for (const run of missed) run();
    },
  };
}
