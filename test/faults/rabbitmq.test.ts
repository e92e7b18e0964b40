import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RabbitmqServer, rabbitmqInstalled, rabbitmqServer } from '../../harness/live/servers/rabbitmq.js';
import { executable, freePort } from '../../harness/live/servers/server.js';
import { tcpProxy } from '../../harness/live/tcp-proxy.js';
import type { Broker, Delivery, Queue } from '../../runtime/brokers/broker.js';
import { rabbitmqBroker } from '../../runtime/brokers/rabbitmq.js';
import { systemClock } from '../../runtime/clock.js';
import { UnavailableError } from '../../runtime/errors.js';
import { queueOf, until } from '../conformance/rabbitmq/under-test.js';

const patienceMs = 60_000;

describe.skipIf(!rabbitmqInstalled())('rabbitmq in trouble', () => {
  let server: RabbitmqServer;
  beforeAll(async () => {
    server = (await rabbitmqServer()) as RabbitmqServer;
  });
  afterAll(() => server.dispose());

  it.each([
    ['quorum', 1],
    ['classic', 5],
  ] as const)(
    'loses nothing of a %s queue when the server is killed while messages come and go',
    async (type, every) => {
      const broker = await rabbitmqBroker(server.url);
      const work = queueOf(`restart.${type}`, { type, maxDeliveries: 1_000 });
      await broker.declare({ exchanges: [], queues: [work] });
      const seen = new Set<string>();
      const subscription = await broker.subscribe(work.name, { prefetch: 20 }, async (delivery) => {
        const text = textOf(delivery);
        // Some are on their way through a step when the server dies.
        if (Number(text) % 10 === every && delivery.attempt === 1) return delivery.retry(50);
        seen.add(text);
        await delivery.ack();
      });
      const confirmed: string[] = [];
      let refused = 0;
      let stop = false;
      const publishing = (async () => {
        for (let index = 0; !stop; index++) {
          const text = String(index);
          for (;;) {
            try {
              await send(broker, work, text);
              confirmed.push(text);
              break;
            } catch (error) {
              expect(error).toBeInstanceOf(UnavailableError);
              refused++;
              await systemClock.sleep(20);
            }
          }
        }
      })();
      await until(() => confirmed.length > 300, patienceMs);
      await server.kill();
      const before = confirmed.length;
      await until(() => refused > 3, patienceMs);
      await server.start();
      await until(() => confirmed.length > before + 300, patienceMs);
      stop = true;
      await publishing;
      await until(() => confirmed.every((text) => seen.has(text)), patienceMs);
      await subscription.stop();
      const left = await broker.admin.depth(work);
      expect(left?.dead).toBe(0);
      await broker.close();
    },
  );

  it('ignores what is settled after the server has gone, and hands it out again', async () => {
    const broker = await rabbitmqBroker(server.url);
    const work = queueOf('late');
    await broker.declare({ exchanges: [], queues: [work] });
    const seen: Delivery[] = [];
    await broker.subscribe(work.name, { prefetch: 10 }, async (delivery) => {
      seen.push(delivery);
      if (delivery.attempt > 1) await delivery.ack();
    });
    for (const text of ['a', 'b', 'c']) await send(broker, work, text);
    await until(() => seen.length === 3);
    await server.kill();
    await seen[0]?.ack();
    await seen[1]?.retry(10);
    await seen[2]?.deadLetter({ 'x-why': 'late' });
    await server.start();
    await until(() => seen.length === 6, patienceMs);
    expect(seen.slice(3).map(textOf).sort()).toEqual(['a', 'b', 'c']);
    expect(seen.slice(3).every(({ attempt }) => attempt === 2)).toBe(true);
    await until(async () => (await broker.admin.depth(work))?.ready === 0);
    expect(await broker.admin.depth(work)).toMatchObject({ delayed: 0, dead: 0 });
    await broker.close();
  });

  it('goes on consuming after its queue was deleted', async () => {
    const broker = await rabbitmqBroker(server.url);
    const work = queueOf('deleted');
    await broker.declare({ exchanges: [], queues: [work] });
    const seen: string[] = [];
    const subscription = await broker.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
      seen.push(textOf(delivery));
      await delivery.ack();
    });
    const operator = await connect(server.url);
    const channel = await operator.createChannel();
    await channel.deleteQueue(work.name);
    await operator.close();
    await until(async () => (await broker.admin.depth(work))?.consumers === 1, patienceMs);
    await send(broker, work, 'after');
    await until(() => seen.length === 1, patienceMs);
    await subscription.stop();
    expect((await broker.admin.depth(work))?.consumers).toBe(0);
    await broker.close();
  });

  it('notices a server that has fallen silent, and comes back when the line is whole', async () => {
    const proxy = await tcpProxy({ port: server.port });
    const broker = await rabbitmqBroker(`${proxy.through(server.url)}?heartbeat=1&connection_timeout=1000`);
    const work = queueOf('silent');
    await broker.declare({ exchanges: [], queues: [work] });
    const seen: string[] = [];
    await broker.subscribe(work.name, { prefetch: 1 }, async (delivery) => {
      seen.push(textOf(delivery));
      await delivery.ack();
    });
    await send(broker, work, 'before');
    await until(() => seen.length === 1);
    proxy.fail({ halfOpen: true });
    const startedAt = Date.now();
    await expect(send(broker, work, 'lost')).rejects.toBeInstanceOf(UnavailableError);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    // Away is said at once, not after a timeout each.
    const againAt = Date.now();
    await expect(send(broker, work, 'refused')).rejects.toBeInstanceOf(UnavailableError);
    expect(Date.now() - againAt).toBeLessThan(500);
    proxy.fail({});
    await until(async () => {
      await send(broker, work, 'after').catch(() => {});
      return seen.includes('after');
    }, patienceMs);
    await broker.close();
    await proxy.close();
  });

  it('refuses to publish while the server takes nothing, and still acknowledges', async () => {
    const broker = await rabbitmqBroker(server.url);
    const work = queueOf('blocked');
    await broker.declare({ exchanges: [], queues: [work] });
    for (const text of ['a', 'b']) await send(broker, work, text);
    await server.ctl('set_vm_memory_high_watermark', '0.000001');
    await expect(send(broker, work, 'c')).rejects.toThrow(/takes no messages: .*memory/);
    const seen: Delivery[] = [];
    await broker.subscribe(work.name, { prefetch: 10 }, async (delivery) => {
      seen.push(delivery);
      // The second has to wait until the server takes messages again, and is not lost meanwhile.
      await (textOf(delivery) === 'b' && delivery.attempt === 1 ? delivery.retry(50) : delivery.ack());
    });
    await until(() => seen.length === 2);
    expect((await broker.admin.depth(work))?.ready).toBe(0);
    await server.ctl('set_vm_memory_high_watermark', '0.4');
    await until(() => seen.some((one) => textOf(one) === 'b' && one.attempt === 2), patienceMs);
    await until(async () => {
      await send(broker, work, 'd').catch(() => {});
      return seen.some((one) => textOf(one) === 'd');
    }, patienceMs);
    await broker.close();
  });

  it('closes in a moment while the server is away', async () => {
    const broker = await rabbitmqBroker(server.url);
    const work = queueOf('closing');
    await broker.declare({ exchanges: [], queues: [work] });
    const subscription = await broker.subscribe(work.name, { prefetch: 1 }, async () => {});
    await server.kill();
    const startedAt = Date.now();
    await subscription.stop();
    await broker.close();
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    await expect(send(broker, work, 'never')).rejects.toBeInstanceOf(UnavailableError);
    await server.start();
  });
});

describe.skipIf(!rabbitmqInstalled() || executable('openssl') === undefined)('rabbitmq behind TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seamwright-tls-'));
  let server: RabbitmqServer;
  let port: number;
  beforeAll(async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=mq.example', '-addext', 'subjectAltName=DNS:mq.example', '-days', '2'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject],
      {
        stdio: 'ignore',
      },
    );
    port = await freePort();
    const settings = [
      `listeners.ssl.default = ${port}`,
      `ssl_options.certfile = ${cert}`,
      `ssl_options.keyfile = ${key}`,
      `ssl_options.cacertfile = ${cert}`,
    ];
    server = (await rabbitmqServer({ settings })) as RabbitmqServer;
  });
  afterAll(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true });
  });

  it('is trusted by its certificate and name only', async () => {
    const url = `amqps://guest:guest@127.0.0.1:${port}`;
    await expect(rabbitmqBroker(url)).rejects.toThrow(/certificate/);
    const tls = { ca: readFileSync(join(folder, 'cert.pem')) };
    // Another name than the certificate bears.
    await expect(rabbitmqBroker(url, { tls })).rejects.toThrow(/not available/);
    const trusted = await rabbitmqBroker(`${url}?server_name_indication=mq.example`, { tls });
    const work = queueOf('tls');
    await trusted.declare({ exchanges: [], queues: [work] });
    await send(trusted, work, 'm1');
    await until(async () => (await trusted.admin.depth(work))?.ready === 1);
    await trusted.close();
    const careless = await rabbitmqBroker(`${url}?verify=verify_none`);
    await careless.close();
  });
});

function send(broker: Broker, to: Queue, text: string): Promise<void> {
  return broker.publish({ exchange: '', key: to.name }, { headers: { 'ce-id': text }, body: Buffer.from(text) });
}

function textOf(delivery: Delivery): string {
  return Buffer.from(delivery.message.body).toString();
}
