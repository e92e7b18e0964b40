import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  Broker,
  BrokerCapabilities,
  Delivery,
  Exchange,
  Queue,
  Subscription,
} from '../../runtime/brokers/broker.js';
import type { Clock } from '../../runtime/clock.js';
import type { WireMessage } from '../../runtime/envelope.js';
import { UnavailableError, UnroutableError } from '../../runtime/errors.js';

/** One broker of a kind, fresh or shared with other runs: the suite names everything uniquely. */
export interface BrokerUnderTest {
  readonly broker: Broker;
  /** The clock that the broker lives by: virtual, or the machine's. */
  readonly clock: Clock;
  /** Lets time pass until the condition holds. Rejects when it does not within the member's patience. */
  until(condition: () => boolean): Promise<void>;
  /** A further client, and a way to break its connection as the death of its process would. */
  connect(): Promise<{ readonly broker: Broker; kill(): Promise<void> }>;
  /** Frees what `make` took. */
  dispose(): Promise<void>;
}

export interface BrokerMember {
  /** What the member claims; only this is asked for. */
  readonly capabilities: BrokerCapabilities;
  /** Partitions that a queue needs to be shared among consumers. Default 1. */
  readonly partitionsToShare?: number;
  /** Parts of the suite to run, for a member that runs several at a time. Default: all. */
  readonly only?: readonly string[];
  make(): Promise<BrokerUnderTest>;
}

/** Names of the parts of the suite. */
export const brokerParts = ['routing', 'messages', 'consuming', 'retry and dead letters', 'operating', 'closing'];

/** What every broker of this library must do, whatever is behind it. Waits are conditions, never pauses of a fixed length. */
export function brokerConformance(name: string, member: BrokerMember): void {
  const { capabilities } = member;
  const part = (title: string, tests: () => void) => {
    if (member.only?.includes(title) ?? true) describe(title, tests);
  };

  describe(`broker ${name}`, () => {
    let under: BrokerUnderTest;
    let broker: Broker;
    let run: string;

    beforeEach(async () => {
      run = randomUUID().slice(0, 8);
      under = await member.make();
      broker = under.broker;
    });
    afterEach(() => under.dispose());

    it('claims what the suite asks for', () => {
      expect(broker.capabilities).toEqual(capabilities);
    });

    part('routing', () => {
      it('delivers to every bound queue', async () => {
        const events = exchange('events', 'topic');
        const [a, b] = [queue('a', [events, 'user.*']), queue('b', [events, 'user.*'])];
        await broker.declare({ exchanges: [events], queues: [a, b] });
        await send(events, 'user.created', 'm1');
        const [atA, atB] = [await collect(a), await collect(b)];
        await under.until(() => atA.texts.length + atB.texts.length === 2);
        expect([atA.texts, atB.texts]).toEqual([['m1'], ['m1']]);
      });

      it.each([
        ['user.created', ['user.created']],
        ['user.*', ['user.created', 'user.deleted']],
        ['*.created', ['user.created', 'order.created']],
        ['user.#', ['user', 'user.created', 'user.deleted', 'user.address.changed']],
        ['#.changed', ['user.address.changed']],
        ['#', ['user', 'user.created', 'user.deleted', 'user.address.changed', 'order.created']],
      ])('topic binding %s takes %j', async (pattern, taken) => {
        const events = exchange('events', 'topic');
        const bound = queue('bound', [events, pattern]);
        const rest = queue('rest', [events, '#']);
        await broker.declare({ exchanges: [events], queues: [bound, rest] });
        for (const key of ['user', 'user.created', 'user.deleted', 'user.address.changed', 'order.created']) {
          await send(events, key, key);
        }
        expect(await received(bound)).toEqual(taken);
      });

      it('a direct exchange takes equal keys only, wildcards included', async () => {
        const commands = exchange('commands', 'direct');
        const [exact, star] = [queue('exact', [commands, 'pay.now']), queue('star', [commands, 'pay.*'])];
        await broker.declare({ exchanges: [commands], queues: [exact, star] });
        await send(commands, 'pay.now', 'm1');
        expect([await received(exact), await received(star)]).toEqual([['m1'], []]);
      });

      it('a fanout exchange takes every key', async () => {
        const all = exchange('all', 'fanout');
        const [a, b] = [queue('a', [all, '']), queue('b', [all, 'ignored'])];
        await broker.declare({ exchanges: [all], queues: [a, b] });
        await send(all, 'anything', 'm1');
        expect([await received(a), await received(b)]).toEqual([['m1'], ['m1']]);
      });

      it('the exchange without a name reaches one queue by its name', async () => {
        const [a, b] = [queue('a'), queue('b')];
        await broker.declare({ exchanges: [], queues: [a, b] });
        await sendTo(a, 'm1');
        expect([await received(a), await received(b)]).toEqual([['m1'], []]);
      });

      it('a queue with several matching bindings gets a message once', async () => {
        const events = exchange('events', 'topic');
        const bound = queue('bound', [events, 'user.*'], [events, '#']);
        await broker.declare({ exchanges: [events], queues: [bound] });
        await send(events, 'user.created', 'm1');
        expect(await received(bound)).toEqual(['m1']);
      });

      it('declaring twice changes nothing, and adds what is new', async () => {
        const events = exchange('events', 'topic');
        const bound = queue('bound', [events, 'a']);
        await broker.declare({ exchanges: [events], queues: [bound] });
        await send(events, 'a', 'm1');
        await broker.declare({ exchanges: [events], queues: [bound] });
        const wider = { ...bound, bindings: [...bound.bindings, { exchange: events.name, key: 'b' }] };
        await broker.declare({ exchanges: [events], queues: [wider] });
        await send(events, 'a', 'm2');
        await send(events, 'b', 'm3');
        expect(await received(bound)).toEqual(['m1', 'm2', 'm3']);
      });

      it.runIf(capabilities.unroutableDetected)('a message that no queue takes is refused', async () => {
        const events = exchange('events', 'topic');
        await broker.declare({ exchanges: [events], queues: [queue('bound', [events, 'user.*'])] });
        await expect(send(events, 'order.created', 'm1')).rejects.toBeInstanceOf(UnroutableError);
        const nobody = { exchange: '', key: `${run}.nobody` };
        await expect(broker.publish(nobody, message('m1'))).rejects.toBeInstanceOf(UnroutableError);
      });
    });

    part('messages', () => {
      it('headers and every byte of the body arrive as sent', async () => {
        const work = await declared('work');
        const headers = { 'ce-id': 'e-1', 'content-type': 'application/octet-stream', 'x-text': 'a%20b=c;d' };
        const body = Uint8Array.from({ length: 256 }, (_, index) => index);
        await broker.publish({ exchange: '', key: work.name }, { headers, body });
        const seen = await collect(work);
        await under.until(() => seen.deliveries.length === 1);
        expect(seen.deliveries[0]?.message.headers).toMatchObject(headers);
        expect([...(seen.deliveries[0]?.message.body ?? [])]).toEqual([...body]);
      });

      it.each([0, 1_048_576])('a body of %i bytes arrives whole', async (size) => {
        const work = await declared('work');
        const body = new Uint8Array(size).map((_, index) => index % 251);
        await broker.publish({ exchange: '', key: work.name }, { headers: {}, body });
        const seen = await collect(work);
        await under.until(() => seen.deliveries.length === 1);
        expect(Buffer.compare(seen.deliveries[0]?.message.body ?? Buffer.from('none'), body)).toBe(0);
      });

      it('what was published without a consumer waits for one', async () => {
        const work = await declared('work');
        for (const text of ['m1', 'm2', 'm3']) await sendTo(work, text);
        expect(await received(work)).toEqual(['m1', 'm2', 'm3']);
      });

      it('a published message survives its publisher', async () => {
        const work = await declared('work');
        const publisher = await under.connect();
        for (let index = 0; index < 20; index++) {
          await publisher.broker.publish({ exchange: '', key: work.name }, message(`m${index}`));
        }
        await publisher.kill();
        expect((await received(work)).length).toBe(20);
      });
    });

    part('consuming', () => {
      it('hands out at most prefetch messages at a time', async () => {
        const work = await declared('work');
        for (let index = 0; index < 12; index++) await sendTo(work, `m${index}`);
        let open = 0;
        let most = 0;
        const seen = await collect(work, { prefetch: 3 }, async (delivery) => {
          most = Math.max(most, ++open);
          await under.clock.sleep(5);
          open--;
          await delivery.ack();
        });
        await under.until(() => seen.settled === 12);
        expect(most).toBe(3);
      });

      it('a paused subscription takes nothing new until it is resumed', async () => {
        const [work, other] = [await declared('work'), await declared('other')];
        const seen = await collect(work);
        seen.subscription.pause();
        await sendTo(work, 'm1');
        await sendTo(other, 'm2');
        const elsewhere = await collect(other);
        await under.until(() => elsewhere.texts.length === 1);
        expect(seen.texts).toEqual([]);
        seen.subscription.resume();
        await under.until(() => seen.texts.length === 1);
      });

      it('stop waits for messages in flight and leaves the rest', async () => {
        const work = await declared('work');
        for (const text of ['m1', 'm2', 'm3']) await sendTo(work, text);
        const first = await collect(work, { prefetch: 1 }, async (delivery) => {
          await under.clock.sleep(20);
          await delivery.ack();
        });
        await under.until(() => first.texts.length === 1);
        let stopped = false;
        void first.subscription.stop().then(() => {
          stopped = true;
        });
        await under.until(() => stopped);
        expect([first.settled, first.texts]).toEqual([1, ['m1']]);
        expect(await received(work)).toEqual(['m2', 'm3']);
      });

      it('a message that is not settled when the subscription stops is handed out again', async () => {
        const work = await declared('work');
        await sendTo(work, 'm1');
        const careless = await collect(work, {}, async () => {});
        await under.until(() => careless.texts.length === 1);
        await careless.subscription.stop();
        const next = await collect(work);
        await under.until(() => next.texts.length === 1);
        expect(next.attempts).toEqual([2]);
      });

      it('a message whose consumer fails is handed out again, alone', async () => {
        const work = await declared('work');
        for (const text of ['good1', 'bad', 'good2']) await sendTo(work, text);
        const seen = await collect(work, {}, async (delivery) => {
          if (textOf(delivery) === 'bad' && delivery.attempt < 3) throw new Error('the handler broke');
          await delivery.ack();
        });
        await under.until(() => seen.settled === 3);
        expect(seen.texts.filter((text) => text !== 'bad').sort()).toEqual(['good1', 'good2']);
        expect(attemptsOf(seen, 'bad')).toEqual([1, 2, 3]);
      });

      it('what a dead client held goes to another one', async () => {
        const work = await declared('work');
        for (const text of ['m1', 'm2']) await sendTo(work, text);
        const doomed = await under.connect();
        const held = await collect(work, { on: doomed.broker }, () => new Promise(() => {}));
        await under.until(() => held.texts.length === 2);
        await doomed.kill();
        const heir = await collect(work);
        await under.until(() => heir.texts.length === 2);
        expect([[...heir.texts].sort(), heir.attempts]).toEqual([
          ['m1', 'm2'],
          [2, 2],
        ]);
      });

      it('only the first settlement of a hand-over counts', async () => {
        const work = await declared('work');
        await sendTo(work, 'm1');
        const seen = await collect(work, {}, async (delivery) => {
          await delivery.ack();
          await delivery.retry(0);
          await delivery.deadLetter({ 'x-why': 'late' });
        });
        await under.until(() => seen.settled === 1);
        await sendTo(work, 'm2');
        await under.until(() => seen.settled === 2);
        expect([seen.texts, await received(deadQueue(work))]).toEqual([['m1', 'm2'], []]);
      });

      it.runIf(capabilities.competingConsumers)('competing consumers share the messages', async () => {
        const work = await declared('work', { partitions: member.partitionsToShare ?? 1 });
        const slow = async (delivery: Delivery) => {
          await under.clock.sleep(2);
          await delivery.ack();
        };
        const other = await under.connect();
        const [a, b] = [
          await collect(work, { prefetch: 1 }, slow),
          await collect(work, { prefetch: 1, on: other.broker }, slow),
        ];
        const sent = Array.from({ length: 40 }, (_, index) => `m${index}`);
        for (const text of sent) await sendTo(work, text);
        await under.until(() => a.settled + b.settled === 40);
        expect([...a.texts, ...b.texts].sort()).toEqual([...sent].sort());
        expect(Math.min(a.texts.length, b.texts.length)).toBeGreaterThan(5);
      });

      it.runIf(capabilities.orderPerKey)(
        'messages of one key stay in order, one at a time, among consumers',
        async () => {
          const work = await declared('work', { partitions: 4 });
          const open = new Map<string, number>();
          const seen: string[] = [];
          let overlaps = 0;
          const take = async (delivery: Delivery) => {
            const key = textOf(delivery).split(':')[0] ?? '';
            seen.push(textOf(delivery));
            open.set(key, (open.get(key) ?? 0) + 1);
            if ((open.get(key) ?? 0) > 1) overlaps++;
            await under.clock.sleep(seen.length % 3);
            open.set(key, (open.get(key) ?? 0) - 1);
            await delivery.ack();
          };
          const other = await under.connect();
          const [a, b] = [
            await collect(work, { prefetch: 4 }, take),
            await collect(work, { prefetch: 4, on: other.broker }, take),
          ];
          const keys = ['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6'];
          for (let index = 0; index < 10; index++) {
            for (const key of keys) {
              await broker.publish({ exchange: '', key: work.name, partitionKey: key }, message(`${key}:${index}`));
            }
          }
          await under.until(() => a.settled + b.settled === 70);
          for (const key of keys) {
            expect(seen.filter((text) => text.startsWith(`${key}:`))).toEqual(
              Array.from({ length: 10 }, (_, index) => `${key}:${index}`),
            );
          }
          expect(overlaps).toBe(0);
        },
      );
    });

    part('retry and dead letters', () => {
      it.runIf(capabilities.delayedRetry)('a delayed retry comes no sooner and blocks nobody', async () => {
        const work = await declared('work');
        const handedOutAt = new Map<string, number[]>();
        const seen = await collect(work, { prefetch: 1 }, async (delivery) => {
          const text = textOf(delivery);
          handedOutAt.set(text, [...(handedOutAt.get(text) ?? []), under.clock.now()]);
          await (text === 'late' && delivery.attempt === 1 ? delivery.retry(400) : delivery.ack());
        });
        for (const text of ['late', 'm1', 'm2']) await sendTo(work, text);
        await under.until(() => seen.texts.length === 4);
        expect(seen.texts).toEqual(['late', 'm1', 'm2', 'late']);
        const [first = 0, second = 0] = handedOutAt.get('late') ?? [];
        // Timers of brokers and of this process may round in different directions.
        expect(second - first).toBeGreaterThanOrEqual(395);
      });

      it.runIf(capabilities.delayedRetry)('a long delay does not hold back a short one', async () => {
        const work = await declared('work');
        const seen = await collect(work, {}, async (delivery) => {
          if (delivery.attempt > 1) return delivery.ack();
          return delivery.retry(textOf(delivery) === 'long' ? 900 : 100);
        });
        for (const text of ['long', 'short']) await sendTo(work, text);
        await under.until(() => seen.texts.length === 4);
        expect(seen.texts.slice(2)).toEqual(['short', 'long']);
      });

      it('attempts count every hand-over, retried or failed', async () => {
        const work = await declared('work');
        await sendTo(work, 'm1');
        const seen = await collect(work, {}, async (delivery) => {
          if (delivery.attempt === 1) return delivery.retry(10);
          if (delivery.attempt === 2) throw new Error('the handler broke');
          if (delivery.attempt === 3) return delivery.retry(0);
          return delivery.ack();
        });
        await under.until(() => seen.settled === 3);
        expect(seen.attempts).toEqual([1, 2, 3, 4]);
      });

      it('a dead letter keeps headers and body, gains headers, and leaves the queue', async () => {
        const work = await declared('work');
        await broker.publish({ exchange: '', key: work.name }, message('poison', { 'ce-id': 'e-1' }));
        const seen = await collect(work, {}, (delivery) => delivery.deadLetter({ 'x-why': 'schema-invalid' }));
        const dead = await collect(deadQueue(work));
        await under.until(() => dead.deliveries.length === 1);
        expect(dead.deliveries[0]?.message.headers).toMatchObject({ 'ce-id': 'e-1', 'x-why': 'schema-invalid' });
        expect([dead.texts, dead.attempts, seen.texts]).toEqual([['poison'], [1], ['poison']]);
      });

      it('a message that kills its consumer each time ends in the dead letters', async () => {
        const work = await declared('work', { maxDeliveries: 3 });
        await sendTo(work, 'killer');
        await sendTo(work, 'm1');
        const seen = await collect(work, {}, async (delivery) => {
          if (textOf(delivery) === 'killer') throw new Error('the process died');
          await delivery.ack();
        });
        const dead = await collect(deadQueue(work));
        await under.until(() => dead.texts.length === 1 && seen.settled === 1);
        expect([dead.texts, attemptsOf(seen, 'killer')]).toEqual([['killer'], [1, 2, 3]]);
      });

      it('a dead letter sent back to its queue is consumed there', async () => {
        const work = await declared('work');
        await sendTo(work, 'm1');
        let fixed = false;
        const seen = await collect(work, {}, (delivery) => (fixed ? delivery.ack() : delivery.deadLetter({})));
        const dead = await collect(deadQueue(work));
        await under.until(() => dead.deliveries.length === 1);
        fixed = true;
        const letter = dead.deliveries[0]?.message ?? message('none');
        await broker.publish({ exchange: '', key: work.name }, letter);
        await under.until(() => seen.texts.length === 2);
        expect([seen.texts, seen.attempts]).toEqual([
          ['m1', 'm1'],
          [1, 1],
        ]);
      });
    });

    part('operating', () => {
      it('tells how much waits in a queue, and of none that there is none', async () => {
        const work = await declared('work');
        for (const text of ['m1', 'm2', 'm3']) await sendTo(work, text);
        await eventuallyEqual(async () => (await broker.admin.depth(work))?.ready, 3);
        expect(await broker.admin.depth(work)).toMatchObject({ ready: 3, delayed: 0, dead: 0 });
        expect(await broker.admin.depth({ ...work, name: `${run}.nobody` })).toBeNull();
      });

      it.runIf(capabilities.delayedRetry)('tells what waits for its next try', async () => {
        const work = await declared('work');
        await sendTo(work, 'm1');
        const seen = await collect(work, {}, (delivery) =>
          delivery.attempt === 1 ? delivery.retry(900) : delivery.ack(),
        );
        await under.until(() => seen.settled === 1);
        await eventuallyEqual(async () => (await broker.admin.depth(work))?.delayed, 1);
        await under.until(() => seen.settled === 2);
        await eventuallyEqual(async () => (await broker.admin.depth(work))?.delayed, 0);
      });

      it('shows what waits without taking it, where it can', async () => {
        const work = await declared('work');
        for (const text of ['m1', 'm2', 'm3']) await sendTo(work, text);
        const seen = await broker.admin.peek(work, { limit: 2 });
        if (seen !== null) expect(seen.map(bodyOf)).toEqual(['m1', 'm2']);
        const taken = await collect(work);
        await under.until(() => taken.texts.length === 3);
        expect([taken.texts, taken.attempts]).toEqual([
          ['m1', 'm2', 'm3'],
          [1, 1, 1],
        ]);
      });

      it('shows dead letters with everything they carry, as often as it is asked', async () => {
        const work = await withDeadLetters('m1', 'm2', 'm3');
        for (let time = 0; time < 12; time++) {
          const shown = await broker.admin.deadLetters(work, { limit: 2 });
          expect(shown.map(bodyOf)).toEqual(['m1', 'm2']);
          expect(shown[0]?.headers).toMatchObject({ 'ce-id': 'm1', 'x-why': 'tired' });
        }
        expect((await broker.admin.deadLetters(work, { limit: 10 })).map(bodyOf)).toEqual(['m1', 'm2', 'm3']);
        await eventuallyEqual(async () => (await broker.admin.depth(work))?.dead, 3);
      });

      it('removes the dead letters that are chosen, and those only', async () => {
        const work = await withDeadLetters('m1', 'm2', 'm3');
        const shown: string[] = [];
        await broker.admin.sweepDeadLetters(work, async (one) => {
          shown.push(bodyOf(one));
          return bodyOf(one) === 'm2' ? 'remove' : 'keep';
        });
        expect(shown).toEqual(['m1', 'm2', 'm3']);
        expect((await broker.admin.deadLetters(work, { limit: 10 })).map(bodyOf).sort()).toEqual(['m1', 'm3']);
        await eventuallyEqual(async () => (await broker.admin.depth(work))?.dead, 2);
      });

      it('keeps the dead letter whose decision failed, and the later ones', async () => {
        const work = await withDeadLetters('m1', 'm2', 'm3');
        const sweep = broker.admin.sweepDeadLetters(work, async (one) => {
          if (bodyOf(one) === 'm2') throw new Error('the replay failed');
          return 'remove';
        });
        await expect(sweep).rejects.toThrow('the replay failed');
        expect((await broker.admin.deadLetters(work, { limit: 10 })).map(bodyOf).sort()).toEqual(['m2', 'm3']);
      });

      it('a dead letter may be published while it is swept', async () => {
        const work = await withDeadLetters('m1', 'm2');
        await broker.admin.sweepDeadLetters(work, async (one) => {
          await broker.publish({ exchange: '', key: work.name }, one);
          return 'remove';
        });
        expect([...(await received(work))].sort()).toEqual(['m1', 'm2']);
        expect(await broker.admin.deadLetters(work, { limit: 10 })).toEqual([]);
      });

      it('finds no difference after declaring, and names what is missing with a remedy', async () => {
        const events = exchange('events', 'topic');
        const work = queue('work', [events, 'user.*']);
        const topology = { exchanges: [events], queues: [work] };
        const before = await broker.admin.diff(topology);
        expect(before.length).toBeGreaterThan(0);
        expect(before.every(({ kind, detail, command }) => kind === 'missing' && detail !== '' && command !== '')).toBe(
          true,
        );
        await broker.declare(topology);
        expect(await broker.admin.diff(topology)).toEqual([]);
      });

      async function withDeadLetters(...texts: readonly string[]): Promise<Queue> {
        const work = await declared('work');
        const burying = await collect(work, { prefetch: 1 }, (delivery) => delivery.deadLetter({ 'x-why': 'tired' }));
        for (const text of texts) {
          await broker.publish({ exchange: '', key: work.name }, message(text, { 'ce-id': text }));
        }
        await under.until(() => burying.settled === texts.length);
        await burying.subscription.stop();
        return work;
      }

      /** Brokers count a moment behind. */
      async function eventuallyEqual(ask: () => Promise<unknown>, wanted: unknown): Promise<void> {
        let answer: unknown = await ask();
        for (let round = 0; round < 100 && answer !== wanted; round++) {
          let over = false;
          void under.clock.sleep(50).then(() => {
            over = true;
          });
          await under.until(() => over);
          answer = await ask();
        }
        expect(answer).toBe(wanted);
      }
    });

    part('closing', () => {
      it('a closed broker refuses to be used, and to be closed again is harmless', async () => {
        const work = await declared('work');
        const { broker: closing } = await under.connect();
        await closing.close();
        await closing.close();
        const address = { exchange: '', key: work.name };
        await expect(closing.publish(address, message('m1'))).rejects.toBeInstanceOf(UnavailableError);
        await expect(closing.declare({ exchanges: [], queues: [work] })).rejects.toBeInstanceOf(UnavailableError);
        await expect(closing.subscribe(work.name, { prefetch: 1 }, async () => {})).rejects.toBeInstanceOf(
          UnavailableError,
        );
      });

      it('closing gives back what was in flight', async () => {
        const work = await declared('work');
        await sendTo(work, 'm1');
        const closing = await under.connect();
        const held = await collect(work, { on: closing.broker }, () => new Promise(() => {}));
        await under.until(() => held.texts.length === 1);
        await closing.broker.close();
        const next = await collect(work);
        await under.until(() => next.texts.length === 1);
        expect(next.attempts).toEqual([2]);
      });
    });

    function exchange(role: string, kind: Exchange['kind']): Exchange {
      return { name: `${run}.${role}`, kind };
    }

    function queue(role: string, ...bindings: readonly (readonly [Exchange, string])[]): Queue {
      return {
        name: `${run}.${role}`,
        service: 'conformance',
        bindings: bindings.map(([from, key]) => ({ exchange: from.name, key })),
        deadLetter: `${run}.${role}.dead`,
        maxDeliveries: 10,
        partitions: 1,
        retries: [100, 500, 1_000].map((delayMs) => ({ name: `${run}.${role}.retry.${delayMs}ms`, delayMs })),
      };
    }

    async function declared(role: string, settings: Partial<Queue> = {}): Promise<Queue> {
      const made = { ...queue(role), ...settings };
      await broker.declare({ exchanges: [], queues: [made] });
      return made;
    }

    function send(to: Exchange, key: string, text: string): Promise<void> {
      return broker.publish({ exchange: to.name, key }, message(text));
    }

    function sendTo(to: Queue, text: string): Promise<void> {
      return broker.publish({ exchange: '', key: to.name }, message(text));
    }

    /** Subscribes, and writes down every hand-over. */
    async function collect(
      from: Pick<Queue, 'name'>,
      options: { readonly prefetch?: number; readonly on?: Broker } = {},
      handle: (delivery: Delivery) => Promise<void> = (delivery) => delivery.ack(),
    ): Promise<Collected> {
      const deliveries: Delivery[] = [];
      const counts = { settled: 0 };
      const receive = async (delivery: Delivery) => {
        deliveries.push(delivery);
        await handle(delivery);
        counts.settled++;
      };
      const subscription = await (options.on ?? broker).subscribe(
        from.name,
        { prefetch: options.prefetch ?? 10 },
        receive,
      );
      return {
        deliveries,
        subscription,
        get settled() {
          return counts.settled;
        },
        get texts() {
          return deliveries.map(textOf);
        },
        get attempts() {
          return deliveries.map((delivery) => delivery.attempt);
        },
      };
    }

    /** What the queue holds now: everything in front of a marker that is sent behind it. */
    async function received(from: Pick<Queue, 'name'>): Promise<readonly string[]> {
      await broker.publish({ exchange: '', key: from.name }, message('marker'));
      const seen = await collect(from);
      await under.until(() => seen.texts.includes('marker'));
      await seen.subscription.stop();
      return seen.texts.filter((text) => text !== 'marker');
    }
  });
}

interface Collected {
  /** Every hand-over so far, in order. */
  readonly deliveries: readonly Delivery[];
  readonly texts: readonly string[];
  readonly attempts: readonly number[];
  /** Hand-overs that the handler ended without failing. */
  readonly settled: number;
  readonly subscription: Subscription;
}

function message(text: string, headers: Readonly<Record<string, string>> = {}): WireMessage {
  return { headers: { 'content-type': 'text/plain', ...headers }, body: new TextEncoder().encode(text) };
}

function textOf(delivery: Delivery): string {
  return new TextDecoder().decode(delivery.message.body);
}

function bodyOf(shown: WireMessage): string {
  return new TextDecoder().decode(shown.body);
}

function attemptsOf(seen: Collected, text: string): readonly number[] {
  return seen.deliveries.filter((delivery) => textOf(delivery) === text).map((delivery) => delivery.attempt);
}

function deadQueue(of: Queue): Pick<Queue, 'name'> {
  return { name: of.deadLetter };
}
