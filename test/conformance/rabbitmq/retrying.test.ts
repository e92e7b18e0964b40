import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Delivery, Queue } from '../../../runtime/brokers/broker.js';
import { atHand, describeWith, serverKinds } from '../at-hand.js';
import { queueOf, type RabbitmqUnderTest, rabbitmqUnderTest } from './under-test.js';

describeWith('retries and dead letters in rabbitmq', await atHand(serverKinds.rabbitmq), (url) => {
  let under: RabbitmqUnderTest;
  let run: string;
  beforeEach(async () => {
    run = `t${randomUUID().slice(0, 8)}`;
    under = await rabbitmqUnderTest(url, { orderPerKey: true });
  });
  afterEach(() => under.dispose());

  it.each([
    [1, '100ms'],
    [100, '100ms'],
    [101, '400ms'],
  ])(
    'a retry after %i ms waits in the step of %s and comes back to the queue of the service',
    async (delayMs, step) => {
      const events = { name: `${run}.events`, kind: 'fanout' as const };
      const bindings = [{ exchange: events.name, key: '' }];
      const [work, other] = [queueOf(`${run}.work`, { bindings }), queueOf(`${run}.other`, { bindings })];
      await under.broker.declare({ exchanges: [events], queues: [work, other] });
      await under.broker.publish({ exchange: events.name, key: 'k' }, { headers: {}, body: Buffer.from('m1') });
      const seen = await collect(work, (delivery) => delivery.retry(delayMs));
      await under.until(() => seen.length === 1);
      await under.until(async () => (await under.broker.admin.depth(work))?.delayed === 1);
      // Before it comes back nobody listens any more.
      await subscriptions.at(-1)?.stop();
      await under.until(async () => (await under.broker.admin.depth(work))?.ready === 1);
      const headers = await headersIn(work.name);
      expect(headers['x-death']).toMatchObject([{ queue: `${work.name}.retry.${step}`, reason: 'expired', count: 1 }]);
      // The other consumer of the event has it once.
      expect((await under.broker.admin.depth(other))?.ready).toBe(1);
    },
  );

  it('a delay beyond the highest step waits there more than once, and is one try', async () => {
    const work = await declared();
    const at: number[] = [];
    const seen = await collect(work, async (delivery) => {
      at.push(under.clock.now());
      await (delivery.attempt === 1 ? delivery.retry(900) : delivery.ack());
    });
    await send(work, 'm1');
    await under.until(() => seen.length === 2);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
    // Steps of 400, 400 and 100 ms; clocks may round.
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(895);
  });

  it('tries of the steps and of dead consumers together reach the limit', async () => {
    const work = await declared({ maxDeliveries: 4 });
    const seen = await collect(work, async (delivery) => {
      if (delivery.attempt % 2 === 1) return delivery.retry(1);
      throw new Error('died');
    });
    await send(work, 'm1');
    await under.until(async () => (await under.broker.admin.depth(work))?.dead === 1);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect((await under.broker.admin.deadLetters(work, { limit: 1 }))[0]?.headers).toMatchObject({
      ...{ 'sw-reason': 'delivery-limit', 'sw-queue': work.name, 'sw-attempts': '4' },
    });
  });

  it('a message that outlives every connection is buried by the server, and told apart', async () => {
    const work = await declared({ maxDeliveries: 2 });
    await send(work, 'killer');
    for (let life = 0; life < 2; life++) {
      const doomed = await under.connect();
      let taken = 0;
      await doomed.broker.declare({ exchanges: [], queues: [work] });
      await doomed.broker.subscribe(work.name, { prefetch: 1 }, () => {
        taken++;
        return new Promise(() => {});
      });
      await under.until(() => taken === 1);
      await doomed.kill();
    }
    await under.until(async () => (await under.broker.admin.depth(work))?.dead === 1);
    const [letter] = await under.broker.admin.deadLetters(work, { limit: 1 });
    const facts = { 'sw-reason': 'delivery-limit', 'sw-queue': work.name, 'sw-attempts': '2' };
    expect(letter?.headers).toMatchObject({ 'ce-id': 'killer', ...facts });
    const dead = await collect({ name: work.deadLetter }, (delivery) => delivery.ack());
    await under.until(() => dead.length === 1);
    expect(dead[0]?.message.headers).toMatchObject(facts);
  });

  it.each(['quorum', 'classic'] as const)(
    'a consumer that dies after tries in steps cannot take more from a %s queue than the limit allows',
    async (type) => {
      const work = await declared({ type, maxDeliveries: 3 });
      const doomed = await under.connect();
      await doomed.broker.declare({ exchanges: [], queues: [work] });
      const taken: number[] = [];
      await doomed.broker.subscribe(work.name, { prefetch: 1 }, (delivery) => {
        taken.push(delivery.attempt);
        return delivery.attempt < 3 ? delivery.retry(1) : new Promise(() => {});
      });
      await send(work, 'killer');
      await under.until(() => taken.length === 3);
      await doomed.kill();
      const next = await collect(work, (delivery) => delivery.ack());
      await under.until(async () => (await under.broker.admin.depth(work))?.dead === 1);
      expect([taken, next.length]).toEqual([[1, 2, 3], 0]);
      expect((await under.broker.admin.deadLetters(work, { limit: 1 }))[0]?.headers).toMatchObject({
        ...{ 'sw-reason': 'delivery-limit', 'sw-attempts': '3' },
      });
    },
  );

  it.each(['quorum', 'classic'] as const)('a %s queue buries what nobody took in time', async (type) => {
    const work = await declared({ type, messageTtlMs: 100 });
    await send(work, 'old');
    await under.until(async () => (await under.broker.admin.depth(work))?.dead === 1);
    expect((await under.broker.admin.deadLetters(work, { limit: 1 }))[0]?.headers).toMatchObject({
      ...{ 'ce-id': 'old', 'sw-reason': 'expired', 'sw-queue': work.name, 'sw-attempts': '0' },
    });
  });

  it('an exchange of its own leads to the dead letters', async () => {
    const work = await declared({ messageTtlMs: 50, deadLetterExchange: `${run}.dlx` });
    await send(work, 'old');
    await under.until(async () => (await under.broker.admin.depth(work))?.dead === 1);
  });

  it('a classic queue counts hand-overs as well, also those of dead consumers', async () => {
    const work = await declared({ type: 'classic', maxDeliveries: 4 });
    const seen = await collect(work, async (delivery) => {
      if (delivery.attempt === 3) return delivery.retry(1);
      throw new Error('died');
    });
    await send(work, 'killer');
    await under.until(async () => (await under.broker.admin.depth(work))?.dead === 1);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect((await under.broker.admin.deadLetters(work, { limit: 1 }))[0]?.headers).toMatchObject({
      ...{ 'sw-reason': 'delivery-limit', 'sw-attempts': '4' },
    });
  });

  it('a classic queue hands out higher priorities first, again after a retry', async () => {
    const work = await declared({ type: 'classic', priorityMax: 5 });
    for (const priority of [1, 5, 3]) await send(work, `p${priority}`, priority);
    await under.until(async () => (await under.broker.admin.depth(work))?.ready === 3);
    const first = await collect(work, (delivery) => delivery.retry(1));
    await under.until(() => first.length === 3);
    await subscriptions.at(-1)?.stop();
    await under.until(async () => (await under.broker.admin.depth(work))?.ready === 3);
    const again = await collect(work, (delivery) => delivery.ack());
    await under.until(() => again.length === 3);
    expect([first.map(textOf), again.map(textOf)]).toEqual([
      ['p5', 'p3', 'p1'],
      ['p5', 'p3', 'p1'],
    ]);
  });

  it('what nobody declared here is retried in hand and dead-lettered at its own end', async () => {
    const work = await declared();
    const stranger = await under.connect();
    const seen: Delivery[] = [];
    await stranger.broker.subscribe(work.name, { prefetch: 5 }, async (delivery) => {
      seen.push(delivery);
      if (delivery.attempt === 1) return delivery.retry(30);
      if (delivery.attempt === 2) return delivery.deadLetter({ 'x-why': 'no place' });
      return delivery.ack();
    });
    await send(work, 'm1');
    await under.until(() => seen.length === 3);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(seen[2]?.message.headers).toMatchObject({ 'ce-id': 'm1', 'x-why': 'no place' });
  });

  const subscriptions: { stop(): Promise<void> }[] = [];

  async function declared(settings: Partial<Queue> = {}): Promise<Queue> {
    const work = queueOf(`${run}.work`, settings);
    await under.broker.declare({ exchanges: [], queues: [work] });
    return work;
  }

  function send(to: Queue, id: string, priority?: number): Promise<void> {
    const address = { exchange: '', key: to.name, ...(priority === undefined ? {} : { priority }) };
    return under.broker.publish(address, { headers: { 'ce-id': id }, body: Buffer.from(id) });
  }

  async function collect(from: Pick<Queue, 'name'>, handle: (delivery: Delivery) => Promise<void>) {
    const seen: Delivery[] = [];
    subscriptions.push(
      await under.broker.subscribe(from.name, { prefetch: 1 }, (delivery) => {
        seen.push(delivery);
        return handle(delivery);
      }),
    );
    return seen;
  }

  /** Headers of the next message, as the server has them. */
  async function headersIn(queue: string): Promise<Readonly<Record<string, unknown>>> {
    const connection = await connect(url);
    const channel = await connection.createChannel();
    const got = await channel.get(queue, { noAck: true });
    await connection.close();
    return got === false ? {} : (got.properties.headers ?? {});
  }
});

function textOf(delivery: Delivery): string {
  return Buffer.from(delivery.message.body).toString();
}
