import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStub } from '../../harness/index.js';
import { checkOf } from '../../harness/stub/checks.js';
import { readContract } from '../../harness/stub/contract.js';
import type { Stub, StubOptions } from '../../harness/stub/start-stub.js';

const document = join(import.meta.dirname, 'documents/shop.openapi.yaml');
const order = { customer: 'Ada', lines: [{ sku: 'AB-12', quantity: 2 }] };

let stub: Stub;
let authorization = 'Bearer token';

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Told> {
  const response = await fetch(`${stub.url}${path}`, {
    method,
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

const create = (key: string, body: object = order) => ask('POST', '/orders', body, { 'idempotency-key': key });

async function restart(options: Partial<StubOptions>): Promise<void> {
  await stub.close();
  stub = await startStub({ document, ...options });
}

beforeEach(async () => {
  authorization = 'Bearer token';
  stub = await startStub({ document });
});
afterEach(() => stub.close());

describe('answers of a stub', () => {
  it('are the first written example that keeps its schema', async () => {
    expect((await ask('GET', '/orders/1')).body).toMatchObject({ id: 1, customer: 'Ada', state: 'paid' });
    expect((await ask('GET', '/status')).body).toBe('fine');
  });

  it('are a named example where one is wished for, whatever it is', async () => {
    expect((await ask('GET', '/orders/1', undefined, { prefer: 'example=wrong' })).body).toEqual({ id: 'none' });
    const unknown = await ask('GET', '/orders/1', undefined, { prefer: 'example=nobody' });
    expect(unknown).toMatchObject({ status: 400, body: { detail: expect.stringContaining('"paid", "wrong"') } });
  });

  it('are made up to fit where nothing is written, the same for the same seed', async () => {
    const [provider] = await readContract({ document });
    const operation = provider?.operations.find(({ id }) => id === 'listOrders');
    const id = operation?.replies[0]?.content[0]?.id;
    if (operation === undefined || id === undefined) throw new Error('the document has changed');
    const bodies: string[] = [];
    for (const seed of [1, 1, 2, 3, 4]) {
      await restart({ seed });
      const { body } = await ask('GET', '/orders');
      expect(checkOf(operation.graph, id)(body)).toEqual([]);
      bodies.push(JSON.stringify(body));
    }
    expect(bodies[0]).toBe(bodies[1]);
    expect(new Set(bodies).size).toBeGreaterThan(2);
  });

  it.each([
    ['GET', '/orders/1', 404],
    ['GET', '/orders/1', 429],
    ['GET', '/status', 503],
    ['GET', '/orders', 418],
    ['DELETE', '/orders/1', 204],
  ])('have every documented status on demand: %s %s %i', async (method, path, status) => {
    expect((await ask(method, path, undefined, { prefer: `code=${status}` })).status).toBe(status);
  });

  it('refuse a wish that the contract does not know, and say what it knows', async () => {
    const refused = await ask('DELETE', '/orders/1', undefined, { prefer: 'code=418' });
    expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining('204, 404') } });
  });

  it('ask nobody to wait for a made-up time', async () => {
    const { headers } = await ask('GET', '/orders/1', undefined, { prefer: 'code=429' });
    expect(headers.get('retry-after')).toBe('1');
  });
});

describe('requests to a stub', () => {
  it('are refused with the place of each breach', async () => {
    expect(await create('k', { customer: 'Ada', lines: [{ sku: 'x', quantity: 0 }] })).toMatchObject({
      status: 422,
      headers: expect.any(Headers),
      body: {
        errors: [
          { in: 'body', pointer: '#/lines/0/sku' },
          { in: 'body', pointer: '#/lines/0/quantity' },
        ],
      },
    });
    expect(await ask('GET', '/orders?limit=101')).toMatchObject({
      status: 400,
      body: { errors: [{ in: 'query', name: 'limit' }] },
    });
    expect(await ask('POST', '/orders', order)).toMatchObject({ status: 400, body: { errors: [{ in: 'header' }] } });
    expect((await ask('GET', '/nowhere')).status).toBe(404);
    expect((await ask('PUT', '/orders')).headers.get('allow')).toBe('GET, POST');
  });

  it.each<[string, string, string, number]>([
    ['none', 'GET', '', 401],
    ['the wrong scheme', 'GET', 'Basic dXNlcjpwYXNz', 401],
    ['a scheme without credentials', 'GET', 'Bearer', 401],
    ['any of the right scheme', 'GET', 'bearer whatever', 200],
  ])('want credentials: %s', async (_, method, given, status) => {
    authorization = given;
    const told = await ask(method, '/orders');
    expect(told.status).toBe(status);
    if (status === 401) expect(told.headers.get('www-authenticate')).toBe('bearer');
  });

  it('may bring the credentials of any of several schemes, or none where the contract is open', async () => {
    authorization = '';
    expect((await ask('POST', '/anything', {})).status).toBe(401);
    expect((await ask('POST', '/anything', {}, { 'x-api-key': 'k' })).status).toBe(200);
    expect((await ask('GET', '/status')).status).toBe(200);
  });

  it('are remembered for the test that made them', async () => {
    await create('k');
    expect(stub.requests).toMatchObject([
      { method: 'POST', path: '/v2/orders', operation: 'createOrder', body: order, status: 201, fault: undefined },
    ]);
    stub.reset();
    expect(stub.requests).toEqual([]);
  });
});

describe('things that are created at a stub', () => {
  const idOf = ({ body }: Told): number => (body as { id: number }).id;

  it('can be got, changed and removed', async () => {
    const created = await create('k');
    expect(created).toMatchObject({ status: 201, body: order });
    const path = `/orders/${idOf(created)}`;
    expect(created.headers.get('location')).toBe(`/v2${path}`);
    expect((await ask('GET', path)).body).toEqual(created.body);
    await ask('PATCH', path, { customer: 'Grace' }, { 'content-type': 'application/merge-patch+json' });
    expect((await ask('GET', path)).body).toMatchObject({ ...order, customer: 'Grace', id: idOf(created) });
    const other = { customer: 'Alan', lines: [{ sku: 'CD-34', quantity: 1 }], state: 'open' };
    await ask('PUT', path, other);
    expect((await ask('GET', path)).body).toMatchObject({ ...other, id: idOf(created) });
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('GET', path)).status).toBe(404);
    expect((await ask('DELETE', path)).status).toBe(404);
  });

  it('have ids of their own, and stand in the list in the order of their making', async () => {
    const ids: number[] = [];
    for (const key of ['a', 'b', 'c']) ids.push(idOf(await create(key, { ...order, customer: key })));
    expect(new Set(ids).size).toBe(3);
    const { body } = await ask('GET', '/orders');
    expect((body as { items: object[] }).items).toMatchObject(
      ['a', 'b', 'c'].map((customer, index) => ({ customer, id: ids[index] })),
    );
    await ask('DELETE', `/orders/${ids[1]}`);
    const after = (await ask('GET', '/orders')).body as { items: { id: number }[] };
    expect(after.items.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
  });

  it('are found in wrappers, under the name that the path gives their id', async () => {
    const added = await ask('POST', '/customers', { customer: { name: 'Ada', email: 'ada@example.com' } });
    const { data } = added.body as { data: { customer_id: string } };
    expect(data).toMatchObject({ name: 'Ada', email: 'ada@example.com' });
    expect((await ask('GET', `/customers/${data.customer_id}`)).body).toEqual(added.body);
  });

  it('are answered once for an idempotency key, and not for another body under it', async () => {
    const first = await create('k');
    expect((await create('k')).body).toEqual(first.body);
    expect(idOf(await create('other'))).not.toBe(idOf(first));
    expect((await create('k', { ...order, customer: 'Eve' })).status).toBe(422);
    expect(((await ask('GET', '/orders')).body as { items: object[] }).items).toHaveLength(2);
  });

  it('are forgotten by a reset', async () => {
    const path = `/orders/${idOf(await create('k'))}`;
    await ask('DELETE', path);
    stub.reset();
    expect((await ask('GET', path)).status).toBe(200);
  });

  it('are not made by an answer that was wished to fail', async () => {
    await ask('POST', '/orders', order, { 'idempotency-key': 'k', prefer: 'code=409' });
    const { body } = await create('k');
    expect(((await ask('GET', '/orders')).body as { items: object[] }).items).toEqual([body]);
  });
});
