import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RabbitmqServer, rabbitmqInstalled, rabbitmqServer } from '../../../harness/live/servers/rabbitmq.js';
import { freePort } from '../../../harness/live/servers/server.js';
import type { Topology } from '../../../runtime/brokers/broker.js';
import { rabbitmqBroker, rabbitmqDefinitions } from '../../../runtime/brokers/rabbitmq.js';
import { UsageError } from '../../../runtime/errors.js';
import { atHand, describeWith, serverKinds } from '../at-hand.js';
import { hasPartitions, queueOf, type RabbitmqUnderTest, rabbitmqUnderTest } from './under-test.js';

const found = await atHand(serverKinds.rabbitmq);
const partitions = 'url' in found && (await hasPartitions(found.url));

describeWith('declaring in rabbitmq', found, (url) => {
  let under: RabbitmqUnderTest;
  let run: string;
  beforeEach(async () => {
    run = `t${randomUUID().slice(0, 8)}`;
    under = await rabbitmqUnderTest(url, { orderPerKey: true });
  });
  afterEach(() => under.dispose());

  it('says which setting is otherwise and what to do, and disturbs nobody', async () => {
    const events = { name: `${run}.events`, kind: 'topic' as const };
    const work = queueOf(`${run}.work`, { maxDeliveries: 4 });
    const settled = queueOf(`${run}.settled`);
    await under.broker.declare({ exchanges: [events], queues: [work, settled] });
    let taken = 0;
    await under.broker.subscribe(settled.name, { prefetch: 1 }, async (delivery) => {
      taken++;
      await delivery.ack();
    });
    const other = { ...work, maxDeliveries: 5 };
    const refused = await under.broker.declare({ exchanges: [], queues: [other] }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect((refused as Error).message).toBe(
      `queue "${work.name}" has "x-delivery-limit" "3", the contracts say "4"; drain it, then run: rabbitmqctl delete_queue ${work.name} --if-empty`,
    );
    await expect(under.broker.declare({ exchanges: [{ ...events, kind: 'fanout' }], queues: [] })).rejects.toThrow(
      `exchange "${events.name}" has "type" "topic", the contracts say "fanout"; `,
    );
    await expect(
      under.broker.declare({
        exchanges: [],
        queues: [queueOf(`${run}.lost`, { bindings: [{ exchange: `${run}.nowhere`, key: 'k' }] })],
      }),
    ).rejects.toThrow(UsageError);
    await under.broker.publish({ exchange: '', key: settled.name }, { headers: {}, body: new Uint8Array() });
    await under.until(() => taken === 1);
    expect(await under.broker.admin.diff({ exchanges: [{ ...events, kind: 'direct' }], queues: [other] })).toEqual([
      expect.objectContaining({ kind: 'different', resource: 'exchange', name: events.name }),
      {
        ...{ kind: 'different', resource: 'queue', name: work.name },
        detail: `queue "${work.name}" has "x-delivery-limit" "3", the contracts say "4"`,
        command: `drain it, then run: rabbitmqctl delete_queue ${work.name} --if-empty`,
      },
    ]);
  });

  it('names each thing that is missing with a command that declares it', async () => {
    const work = queueOf(`${run}.it's`, { retries: [] });
    const [dead, missing] = await under.broker.admin.diff({ exchanges: [], queues: [work] });
    expect(dead?.name).toBe(work.deadLetter);
    expect(missing).toMatchObject({ kind: 'missing', resource: 'queue', detail: `there is no queue "${work.name}"` });
    expect(missing?.command).toMatch(
      new RegExp(`^rabbitmqadmin declare queue 'name=${run}\\.it'\\\\''s' durable=true 'arguments=\\{"x-queue-type"`),
    );
  });

  it('refuses a queue that is not there and a prefetch that takes nothing', async () => {
    const nobody = under.broker.subscribe(`${run}.nobody`, { prefetch: 1 }, async () => {});
    await expect(nobody).rejects.toThrow(`queue "${run}.nobody" is not declared`);
    await expect(under.broker.subscribe('q', { prefetch: 0 }, async () => {})).rejects.toBeInstanceOf(UsageError);
  });

  it.skipIf(partitions)('says which plugin is missing for partitions, and keeps its connection', async () => {
    const settled = queueOf(`${run}.settled`);
    await under.broker.declare({ exchanges: [], queues: [settled] });
    let taken = 0;
    let attempts = 0;
    await under.broker.subscribe(settled.name, { prefetch: 1 }, async (delivery) => {
      taken++;
      attempts += delivery.attempt;
      await under.until(async () => asked);
      await delivery.ack();
    });
    let asked = false;
    await under.broker.publish({ exchange: '', key: settled.name }, { headers: {}, body: new Uint8Array() });
    await under.until(() => taken === 1);
    const spread = { exchanges: [], queues: [queueOf(`${run}.spread`, { partitions: 2 })] };
    await expect(under.broker.declare(spread)).rejects.toThrow(
      /plugin is not enabled; run on every node: rabbitmq-plugins enable rabbitmq_consistent_hash_exchange$/,
    );
    asked = true;
    await under.until(async () => (await under.broker.admin.depth(settled))?.ready === 0);
    // A lost connection would have handed it out again.
    expect([taken, attempts]).toEqual([1, 1]);
  });
});

describe.skipIf(!rabbitmqInstalled())('a definitions file and the management API of rabbitmq', () => {
  let server: RabbitmqServer;
  let management: string;
  beforeAll(async () => {
    const port = await freePort();
    management = `http://127.0.0.1:${port}`;
    server = (await rabbitmqServer({
      plugins: ['rabbitmq_consistent_hash_exchange', 'rabbitmq_management'],
      settings: [`management.tcp.port = ${port}`, 'management.tcp.ip = 127.0.0.1'],
    })) as RabbitmqServer;
  });
  afterAll(() => server.dispose());

  const topology: Topology = {
    exchanges: [
      { name: 'people.events', kind: 'topic' },
      { name: 'people.all', kind: 'fanout' },
    ],
    queues: [
      queueOf('plain', {
        bindings: [{ exchange: 'people.events', key: 'employee.*' }],
        deadLetterExchange: 'plain.dlx',
        messageTtlMs: 3_600_000,
      }),
      queueOf('urgent', { type: 'classic', priorityMax: 9, bindings: [{ exchange: 'people.all', key: '' }] }),
      queueOf('spread', { partitions: 3, bindings: [{ exchange: 'people.events', key: '#' }] }),
    ],
  };

  it('an imported file leaves nothing to declare and nothing different, in any virtual host', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seamwright-definitions-'));
    const file = join(folder, 'definitions.json');
    for (const vhost of ['/', 'shop']) {
      writeFileSync(file, JSON.stringify(rabbitmqDefinitions(topology, { vhost })));
      await server.ctl('import_definitions', file);
      await server.ctl('set_permissions', '--vhost', vhost, 'guest', '.*', '.*', '.*');
      const broker = await rabbitmqBroker(`${server.url}/${encodeURIComponent(vhost)}`, { management });
      expect(await broker.admin.diff(topology)).toEqual([]);
      await broker.declare(topology);
      expect(await broker.admin.diff(topology)).toEqual([]);
      await broker.close();
    }
    rmSync(folder, { recursive: true });
  });

  it('finds bindings that are missing or that nobody knows', async () => {
    const broker = await rabbitmqBroker(`${server.url}?management=${encodeURIComponent(management)}`);
    await broker.declare(topology);
    const connection = await connect(server.url);
    const channel = await connection.createChannel();
    await channel.unbindQueue('plain', 'people.events', 'employee.*');
    await channel.bindQueue('plain', 'people.events', 'old.key');
    // A consumer of the event that is none of ours.
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, 'people.events', '#');
    expect(await broker.admin.diff(topology)).toEqual([
      {
        ...{ kind: 'missing', resource: 'binding', name: 'people.events -> plain' },
        detail: 'queue "plain" is not bound to exchange "people.events" with the key "employee.*"',
        command:
          "rabbitmqadmin declare binding source=people.events destination=plain destination_type=queue 'routing_key=employee.*'",
      },
      {
        ...{ kind: 'extra', resource: 'binding', name: 'people.events -> plain' },
        detail:
          'queue "plain" is bound to exchange "people.events" with the key "old.key", of which the contracts know nothing',
        command:
          'rabbitmqadmin delete binding source=people.events destination=plain destination_type=queue properties_key=old.key',
      },
    ]);
    await channel.unbindQueue('plain', 'people.events', 'old.key');
    await connection.close();
    await broker.declare(topology);
    expect(await broker.admin.diff(topology)).toEqual([]);
    await broker.close();
  });

  it('says when the management API lets nobody in', async () => {
    const secret = new URL(management);
    secret.username = 'guest';
    secret.password = 's3cret-and-wrong';
    const broker = await rabbitmqBroker(server.url, { management: secret.href });
    const refused = await broker.admin.diff({ exchanges: [], queues: [] }).catch((error: unknown) => error);
    await broker.close();
    expect(String(refused)).toContain('answers 401');
    expect(String(refused)).not.toContain('s3cret');
  });
});
