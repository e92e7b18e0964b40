import fc from 'fast-check';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { redisAddress } from '../../runtime/brokers/redis/address.js';
import { scopeOf } from '../../runtime/brokers/redis/catalogue.js';
import { RedisConnection } from '../../runtime/brokers/redis/connection.js';
import { declare } from '../../runtime/brokers/redis/declare.js';
import { keysOf } from '../../runtime/brokers/redis/keys.js';
import { beat, leave, recover, settle, take } from '../../runtime/brokers/redis/scripts/consume.js';
import { append } from '../../runtime/brokers/redis/scripts/publish.js';
import type { Script } from '../../runtime/brokers/redis/scripts/script.js';
import { systemRandom } from '../../runtime/clock.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';
import { forget, ownPrefix, queueNamed, until } from './redis/under-test.js';

const consumers = ['c0', 'c1', 'c2'] as const;
const queue = 'work';
const maxDeliveries = 2;

/** One step of one process. Whatever comes next may be that process's death: so every step is an end. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('take', 'take, answer lost'), by: who(), room: fc.nat(4) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('ack', 'retry', 'retry later', 'give back unseen', 'dead'),
      // Any hand-over so far: over ones as well.
      handover: fc.nat(60),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('die', 'beat', 'recover', 'leave'), by: who() }) },
);

function who() {
  return fc.constantFrom(...consumers);
}

describeWith('redis: every message is in one place', await atHand(serverKinds.redis), (url) => {
  it.each([1, 3])(
    'after each step of any schedule, with %i partition(s)',
    async (partitions) => {
      const redis = new Redis(url);
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
          const prefix = ownPrefix();
          const run = await schedule(url, prefix, redis, partitions);
          try {
            for (const one of steps) {
              await run.perform(one);
              await run.check();
            }
            await run.drain();
          } finally {
            await run.close();
            await forget(url, prefix);
          }
        }),
        { numRuns: 25 },
      );
      redis.disconnect();
      // Thousands of round trips: on a busy machine they take their time.
    },
    120_000,
  );
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

type PendingEntry = readonly [id: string, owner: string, idleMs: number, attempts: number];

interface Handover {
  readonly by: string;
  readonly partition: number;
  readonly id: string;
  readonly attempt: number;
  readonly body: string;
}

async function schedule(url: string, prefix: string, redis: Redis, partitions: number) {
  const connection = await RedisConnection.open(redisAddress(url));
  const keys = keysOf(prefix);
  const topology = { exchanges: [], queues: [queueNamed(queue, { partitions, maxDeliveries })] };
  await declare(connection, keys, prefix, systemRandom, topology);
  const scope = scopeOf(keys, queue, { partitions, maxDeliveries, deadLetter: `${queue}.dead` });
  const leaseMs = 60_000;
  const handovers: Handover[] = [];
  const published: string[] = [];
  const acknowledged: string[] = [];

  const run = (script: Script, by: string, ...args: readonly (string | number)[]) =>
    connection.run(script, scope.keys, [...scope.args, by, ...args]);

  async function taken(by: string, room: number): Promise<readonly Handover[]> {
    const reply = await run(take, by, keys.alive(by), leaseMs, room, 0, 0);
    const [, entries] = reply as [number, readonly (readonly [number, Buffer, number, readonly Buffer[]])[]];
    return entries.map(([partition, id, attempt, fields]) => {
      return { by, partition, id: String(id), attempt, body: String(fields[3]) };
    });
  }

  async function settled(index: number, outcome: (attempt: number) => readonly (string | number)[]): Promise<void> {
    const handover = handovers[index % Math.max(1, handovers.length)];
    if (handover === undefined) return;
    const { by, partition, id, attempt, body } = handover;
    const [what = '', ...rest] = outcome(attempt);
    const [held] = (await redis.xpending(keys.stream(queue, partition), 'seamwright', id, id, 1)) as PendingEntry[];
    const done = await run(settle, by, partition, id, attempt, what, ...rest);
    // Only the hand-over that is not over yet counts, be the later one the same consumer's.
    expect(done).toBe(held?.[1] === by && held[3] === attempt ? 1 : 0);
    if (done === 1 && what === 'ack') acknowledged.push(body);
  }

  return {
    async perform(one: Step): Promise<void> {
      if (one.do === 'publish') {
        const partition = published.length % partitions;
        const body = `m${published.length}`;
        await connection.run(append, [keys.stream(queue, partition), keys.asleep(queue)], ['{}', body]);
        published.push(body);
      } else if ('room' in one) {
        const got = await taken(one.by, one.room);
        expect(got.length).toBeLessThanOrEqual(one.room);
        if (one.do === 'take') handovers.push(...got);
      } else if ('handover' in one) {
        if (one.do === 'ack') await settled(one.handover, () => ['ack']);
        if (one.do === 'retry') await settled(one.handover, (attempt) => ['again', attempt, 0]);
        if (one.do === 'retry later') await settled(one.handover, (attempt) => ['again', attempt, 3]);
        if (one.do === 'give back unseen') await settled(one.handover, (attempt) => ['again', attempt - 1, -1]);
        if (one.do === 'dead') await settled(one.handover, () => ['dead', '{}']);
      } else if (one.do === 'die') {
        await redis.del(keys.alive(one.by));
      } else if (one.do === 'beat') {
        await run(beat, one.by, keys.alive(''), leaseMs);
      } else if (one.do === 'recover') {
        const known = handovers.filter(({ by }) => by === one.by);
        await run(recover, one.by, ...known.flatMap(({ partition, id }) => [partition, id]));
      } else {
        await run(leave, one.by, keys.alive(one.by));
      }
    },

    async check(): Promise<void> {
      const bodies: string[] = [...acknowledged];
      for (let partition = 0; partition < partitions; partition++) {
        const [stream, again] = [keys.stream(queue, partition), keys.again(queue, partition)];
        const entries = await redis.xrange(stream, '-', '+');
        bodies.push(...entries.map(([, fields]) => fields[3] ?? ''));
        const pending = (await redis.xpending(stream, 'seamwright', '-', '+', 1_000)) as [
          string,
          string,
          number,
          number,
        ][];
        const there = new Set(entries.map(([id]) => id));
        expect(pending.filter(([id]) => !there.has(id))).toEqual([]);
        // Who waits is in the set of those that wait, and only who waits: else nobody would ever look for it, or two would take it.
        const waiting = pending.filter(([, owner]) => owner === 'waiting').map(([id]) => id);
        const due = (await redis.zrange(again, '0', '-1')).map((member) => member.replace(/-0*(\d+)$/, '-$1'));
        expect(due.sort()).toEqual(waiting.sort());
        for (const [, , , attempts] of pending) expect(attempts).toBeLessThanOrEqual(maxDeliveries);
        if (partitions > 1) expect(pending.length - waiting.length).toBeLessThanOrEqual(1);
      }
      const dead = await redis.xrange(keys.stream(`${queue}.dead`, 0), '-', '+');
      bodies.push(...dead.map(([, fields]) => fields[fields.indexOf('b') + 1] ?? ''));
      expect(bodies.sort()).toEqual([...published].sort());
    },

    /** Everybody dies; whoever comes next gets all that is left. */
    async drain(): Promise<void> {
      for (const one of consumers) await redis.del(keys.alive(one));
      await run(beat, 'heir', keys.alive(''), leaseMs);
      await until(async () => {
        for (const { partition, id, attempt, body } of await taken('heir', 10)) {
          expect(await run(settle, 'heir', partition, id, attempt, 'ack')).toBe(1);
          acknowledged.push(body);
        }
        const lengths = await Promise.all(
          Array.from({ length: partitions }, (_, partition) => redis.xlen(keys.stream(queue, partition))),
        );
        return lengths.every((length) => length === 0);
      });
      await this.check();
    },

    close: () => connection.close(),
  };
}
