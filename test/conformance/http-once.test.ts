import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import type { Once } from '../../runtime/http/once.js';
import type { OperationDefinition } from '../../runtime/http/operation.js';
import type { HttpReply } from '../../runtime/http/reply.js';
import { createServer, type HttpServer } from '../../runtime/http/server.js';
import { createService, type Service } from '../../runtime/service.js';
import type { ServiceTransaction } from '../../runtime/service-transaction.js';
import { dropPgliteSchema, pgliteStore } from '../../runtime/stores/pglite.js';
import { postgresStore } from '../../runtime/stores/postgres.js';
import type { Store } from '../../runtime/stores/store.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';

const races = 1_000;
const name = `once_${process.pid}_${Date.now()}`;

const operation: OperationDefinition = {
  ...{ name: 'pay', method: 'POST', path: '/payments', security: [] },
  parameters: [{ name: 'Idempotency-Key', in: 'header', as: 'idempotencyKey', required: true, type: 'string' }],
  body: { required: true, content: [{ type: 'application/json', kind: 'json' }] },
  replies: [{ status: '201', content: [{ type: 'application/json', kind: 'json' }] }],
};

interface PayCall {
  readonly body: { readonly of: string; readonly dies?: boolean };
  readonly once: Once<ServiceTransaction, HttpReply>;
}

/** Pays without asking whether it has paid before: only `once` stands between a second request and a second payment. */
async function pay({ body, once }: PayCall): Promise<HttpReply> {
  return once(async (tx) => {
    const [row] = await tx.query<{ id: number }>('insert into payments (of) values ($1) returning id', [body.of]);
    if (body.dies === true) await tx.query('select pg_terminate_backend(pg_backend_pid())');
    return { status: 201, body: { id: row?.id } };
  });
}

interface Instance {
  readonly service: Service;
  readonly server: HttpServer;
}

async function start(store: Store): Promise<Instance> {
  const definition = {
    ...{ system: 'test', service: name, owned: {}, publishes: {}, copies: {}, effects: [] },
    topology: { exchanges: [], queues: [] },
  };
  const service = createService(definition, {
    ...{ broker: memoryBroker(), store },
    prepare: async (tx) => {
      await tx.query('create table if not exists payments (id serial primary key, of text not null)');
    },
  });
  await service.start();
  return {
    service,
    server: createServer({ service: name, basePath: '', operations: [operation] }, { pay }, { service }),
  };
}

function ask({ server }: Instance, key: string, body: PayCall['body'] = { of: key }): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return server.fetch(new Request('http://shop/payments', { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** Payments by what they are for. */
async function payments({ service }: Instance): Promise<ReadonlyMap<string, number>> {
  const rows = await service.transaction((tx) =>
    tx.query<{ of: string; times: number }>('select of, count(*)::int as times from payments group by of'),
  );
  return new Map(rows.map(({ of, times }) => [of, times]));
}

/** Each key is sent four times at once, in turn to both instances, twenty keys at a time. */
async function race(one: Instance, other: Instance): Promise<void> {
  const keys = Array.from({ length: races }, (_, index) => `key ${index}`);
  for (let from = 0; from < races; from += 20) {
    await Promise.all(
      keys.slice(from, from + 20).map(async (key) => {
        const answers = await Promise.all([one, other, one, other].map((instance) => ask(instance, key)));
        expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
        expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
        expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(3);
      }),
    );
  }
  expect(await payments(one)).toEqual(new Map(keys.map((key) => [key, 1])));
}

describe('one effect per idempotency key on PGlite', () => {
  afterAll(() => dropPgliteSchema(name));

  it(`${races} races take effect once each`, async () => {
    const instance = await start(pgliteStore({ service: name }));
    await race(instance, instance);
    await instance.service.stop();
  }, 300_000);
});

describeWith('a PostgreSQL server', await atHand(serverKinds.postgres), (url) => {
  const stores: Store[] = [];
  const open = (max = 8): Store => {
    const store = postgresStore({ service: name, url, max });
    stores.push(store);
    return store;
  };
  afterAll(async () => {
    await stores[0]?.transaction((tx) => tx.query(`drop schema if exists "${name}" cascade`));
    for (const store of stores) await store.close();
  });

  it(`${races} races between two instances take effect once each`, async () => {
    const [one, other] = [await start(open()), await start(open())];
    await race(one, other);
    await one.service.stop();
    await other.service.stop();
  }, 300_000);

  it('a hot key leaves connections to others', async () => {
    const instance = await start(open(2));
    const all = await Promise.all(
      Array.from({ length: 200 }, (_, index) => ask(instance, index % 2 === 0 ? 'hot' : `c${index}`)),
    );
    expect(all.every(({ status }) => status === 201)).toBe(true);
    expect((await payments(instance)).get('hot')).toBe(1);
    await instance.service.stop();
  });

  it('a connection that dies after the effect leaves neither effect nor answer', async () => {
    const instance = await start(open());
    expect((await ask(instance, 'mortal', { of: 'mortal', dies: true })).status).toBeGreaterThanOrEqual(500);
    expect((await payments(instance)).get('mortal')).toBeUndefined();
    expect((await ask(instance, 'mortal')).headers.get('idempotent-replayed')).toBeNull();
    expect((await payments(instance)).get('mortal')).toBe(1);
    await instance.service.stop();
  });
});
