import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFault, readFault } from '../../harness/stub/fault.js';
import { type Stub, startStub } from '../../harness/stub/start-stub.js';

const document = join(import.meta.dirname, 'documents/shop.openapi.yaml');
let stub: Stub;

beforeEach(async () => {
  stub = await startStub({ document });
});
afterEach(() => stub.close());

const ask = (path: string, fault?: string): Promise<Response> =>
  fetch(`${stub.url}${path}`, {
    headers: { authorization: 'Bearer token', ...(fault === undefined ? {} : { 'x-stub-fault': fault }) },
  });
const control = (method: string, body?: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${stub.port}/__stub/faults`, { method, ...(body === undefined ? {} : { body }) });
const codeOf = (error: unknown): unknown => (error as { cause?: { code?: string } }).cause?.code;

describe('faults of a stub', () => {
  it('answer another status, as the contract describes it, with the time to wait', async () => {
    const response = await ask('/orders/1', 'status=404, retry-after=7');
    expect(response.status).toBe(404);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect((await ask('/orders/1', 'status=503')).status).toBe(503);
  });

  it('heal after as many requests as they say', async () => {
    stub.faults.set(['getOrder: status=503, times=2']);
    const statuses: number[] = [];
    for (const path of ['/orders/1', '/orders', '/orders/1', '/orders/1']) statuses.push((await ask(path)).status);
    expect(statuses).toEqual([503, 200, 503, 200]);
    expect(stub.faults.list()).toEqual([]);
  });

  it('break the connection before an answer', async () => {
    await expect(ask('/orders/1', 'reset')).rejects.toSatisfy((error) => codeOf(error) === 'ECONNRESET');
    expect(stub.requests.at(-1)).toMatchObject({ status: 0, fault: { damage: 'reset' } });
  });

  it('break it in the middle of a body', async () => {
    const response = await ask('/orders/1', 'close-mid-body');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('send what is no JSON', async () => {
    const response = await ask('/orders/1', 'garbage');
    expect(response.headers.get('content-type')).toBe('application/json');
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it('send JSON that is no order', async () => {
    const whole = await (await ask('/orders/1')).json();
    const wrong = await (await ask('/orders/1', 'wrong-body')).json();
    expect(wrong).not.toEqual(whole);
    expect(wrong).toMatchObject({ id: [1] });
  });

  it('send nothing', async () => {
    const response = await ask('/orders/1', 'empty');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('let the answer wait, and its body trickle', async () => {
    const before = performance.now();
    await (await ask('/orders/1', 'latency=60ms')).text();
    expect(performance.now() - before).toBeGreaterThanOrEqual(55);
    const began = performance.now();
    const response = await ask('/orders/1', 'slow-body=120ms');
    const headMs = performance.now() - began;
    expect(await response.json()).toMatchObject({ customer: 'Ada' });
    const bodyMs = performance.now() - began;
    expect(bodyMs).toBeGreaterThanOrEqual(100);
    expect(headMs).toBeLessThan(bodyMs);
  });

  it('of a request go before those that were set, and do not use them up', async () => {
    stub.faults.set(['status=503, times=1']);
    expect((await ask('/orders/1', 'status=404')).status).toBe(404);
    expect((await ask('/orders/1')).status).toBe(503);
    expect((await ask('/orders/1')).status).toBe(200);
  });

  it('may be set, added, read and cleared over HTTP', async () => {
    expect(await (await control('PUT', '"getOrder: reset"')).json()).toEqual([
      { operation: 'getOrder', damage: 'reset' },
    ]);
    await control('POST', 'GET /orders: status=500');
    expect((await ask('/orders')).status).toBe(500);
    expect(await (await control('GET')).json()).toHaveLength(2);
    expect(await (await control('DELETE')).json()).toEqual([]);
    expect((await control('PUT', '[{ "status": 503, "times": 1 }]')).status).toBe(200);
    expect((await ask('/orders')).status).toBe(503);
    expect((await ask('/orders')).status).toBe(200);
    for (const wrong of ['', 'nobody: reset', '{ "status": 999 }', '[1]', '{"statuss":503}'])
      expect((await control('PUT', wrong)).status).toBe(400);
  });

  it('from the start come back with a reset', async () => {
    await stub.close();
    stub = await startStub({ document, faults: ['status=503, times=1'] });
    const statuses = async () => [(await ask('/orders')).status, (await ask('/orders')).status];
    expect(await statuses()).toEqual([503, 200]);
    stub.reset();
    expect(await statuses()).toEqual([503, 200]);
  });

  it('end with the stub: nothing hangs', async () => {
    const hanging = ask('/orders/1', 'latency=1h');
    const failed = expect(hanging).rejects.toThrow();
    await expect.poll(() => stub.requests.length).toBe(1);
    await stub.close();
    await failed;
  });
});

describe('a fault as text', () => {
  it.each<[string, object]>([
    ['status=503', { status: 503 }],
    [
      'getOrder: status=429, retry-after=3, latency=2s, times=4',
      { operation: 'getOrder', status: 429, retryAfter: '3', latencyMs: 2000, times: 4 },
    ],
    ['GET /orders/{orderId}: slow-body=5s', { operation: 'GET /orders/{orderId}', damage: 'slow-body', bodyMs: 5000 }],
    ['close-mid-body', { damage: 'close-mid-body' }],
  ])('%s', (text, fault) => {
    expect(parseFault(text)).toEqual(fault);
    expect(readFault(fault)).toEqual(fault);
  });

  it.each(['', 'status', 'status=abc', 'status=99', 'times=0', 'latency=2', 'reset=1', 'retry-after=', 'explode'])(
    'is refused: "%s"',
    (text) => expect(() => parseFault(text)).toThrow(/cannot be read/),
  );
});
