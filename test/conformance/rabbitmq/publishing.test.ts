import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Delivery } from '../../../runtime/brokers/broker.js';
import { brokerFor } from '../../../runtime/brokers/registry.js';
import type { WireMessage } from '../../../runtime/envelope.js';
import { UnavailableError, UnroutableError, UsageError } from '../../../runtime/errors.js';
import { atHand, describeWith, serverKinds } from '../at-hand.js';
import { queueOf, type RabbitmqUnderTest, rabbitmqUnderTest } from './under-test.js';

describeWith('publishing to rabbitmq', await atHand(serverKinds.rabbitmq), (url) => {
  let under: RabbitmqUnderTest;
  let run: string;
  beforeEach(async () => {
    run = `t${randomUUID().slice(0, 8)}`;
    under = await rabbitmqUnderTest(url, { orderPerKey: true });
  });
  afterEach(() => under.dispose());

  it('tells which of 500 messages in flight no queue took', async () => {
    const events = { name: `${run}.events`, kind: 'topic' as const };
    const work = queueOf(`${run}.work`, { bindings: [{ exchange: events.name, key: 'ok.#' }] });
    await under.broker.declare({ exchanges: [events], queues: [work] });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 500 }, (_, index) => {
        // Runs of different lengths, so that confirms of several at once cover both kinds.
        const key = Math.floor(index / 7) % 2 === 0 ? 'ok' : 'no';
        return under.broker.publish({ exchange: events.name, key }, wire(`m${index}`));
      }),
    );
    const wrong = outcomes.flatMap((outcome, index) => {
      const taken = Math.floor(index / 7) % 2 === 0;
      if (outcome.status === 'fulfilled') return taken ? [] : [`m${index} vanished`];
      return !taken && outcome.reason instanceof UnroutableError ? [] : [`m${index}: ${String(outcome.reason)}`];
    });
    expect(wrong).toEqual([]);
    const sent = outcomes.filter(({ status }) => status === 'fulfilled').length;
    await under.until(async () => (await under.broker.admin.depth(work))?.ready === sent);
  });

  it('tells messages of one id apart by where they go', async () => {
    const events = { name: `${run}.events`, kind: 'topic' as const };
    const work = queueOf(`${run}.work`, { bindings: [{ exchange: events.name, key: 'ok' }] });
    await under.broker.declare({ exchanges: [events], queues: [work] });
    const outcomes = await Promise.allSettled([
      under.broker.publish({ exchange: events.name, key: 'ok' }, wire('same')),
      under.broker.publish({ exchange: events.name, key: 'no' }, wire('same')),
      under.broker.publish({ exchange: '', key: 'ok' }, wire('same')),
      under.broker.publish({ exchange: '', key: work.name }, wire('same')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  });

  it('goes on after an exchange that does not exist and after what AMQP cannot carry', async () => {
    const work = queueOf(`${run}.work`);
    await under.broker.declare({ exchanges: [], queues: [work] });
    const to = { exchange: '', key: work.name };
    await expect(under.broker.publish({ exchange: `${run}.nowhere`, key: 'k' }, wire('m'))).rejects.toBeInstanceOf(
      UnroutableError,
    );
    const large = { headers: { 'x-large': 'x'.repeat(200_000) }, body: new Uint8Array() };
    await expect(under.broker.publish(to, large)).rejects.toBeInstanceOf(UsageError);
    await expect(under.broker.publish({ exchange: '', key: 'k'.repeat(256) }, wire('m'))).rejects.toBeInstanceOf(
      UsageError,
    );
    await under.broker.publish(to, wire('m1'));
    await under.until(async () => (await under.broker.admin.depth(work))?.ready === 1);
  });

  it('hands out messages of producers that have never heard of us, as text', async () => {
    const work = queueOf(`${run}.work`);
    await under.broker.declare({ exchanges: [], queues: [work] });
    const connection = await connect(url);
    const channel = await connection.createConfirmChannel();
    const headers = { tenant: 7, flags: [true, 'x'], raw: Buffer.from('bytes'), 'x-sw-tries': 5 };
    const properties = { headers, contentType: 'application/json', messageId: 'legacy-1', timestamp: 1_767_225_600 };
    channel.sendToQueue(work.name, Buffer.from('{"id":1}'), properties);
    await channel.waitForConfirms();
    await connection.close();
    const seen: Delivery[] = [];
    await under.broker.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
      seen.push(delivery);
      await delivery.ack();
    });
    await under.until(() => seen.length === 1);
    expect(seen[0]?.attempt).toBe(1);
    expect(seen[0]?.message.headers).toEqual({
      ...{ tenant: '7', flags: '[true,"x"]', raw: 'bytes', 'content-type': 'application/json' },
      ...{ 'message-id': 'legacy-1', timestamp: '2026-01-01T00:00:00.000Z' },
    });
  });

  it('a message of ours is readable to others by its standard properties', async () => {
    const work = queueOf(`${run}.work`);
    await under.broker.declare({ exchanges: [], queues: [work] });
    const headers = { 'ce-id': 'e1', 'ce-type': 'Hired', 'content-type': 'application/json' };
    await under.broker.publish({ exchange: '', key: work.name }, { headers, body: new Uint8Array([1]) });
    const connection = await connect(url);
    const channel = await connection.createChannel();
    const got = await channel.get(work.name, { noAck: true });
    await connection.close();
    expect(got === false ? undefined : got.properties).toMatchObject({
      ...{ messageId: 'e1', type: 'Hired', contentType: 'application/json', deliveryMode: 2, headers },
    });
  });

  it('refuses a wrong password and an absent server without showing what was given', async () => {
    const wrong = new URL(url);
    wrong.password = 's3cret-and-wrong';
    for (const bad of [wrong.href, 'amqp://guest:s3cret-and-wrong@127.0.0.1:1']) {
      const error = await brokerFor(bad).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnavailableError);
      expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain('s3cret');
    }
  });

  function wire(id: string): WireMessage {
    return { headers: { 'ce-id': id }, body: new TextEncoder().encode(id) };
  }
});
