import { randomUUID } from 'node:crypto';
import { storeFor } from 'seamwright/runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { dropPgliteSchema } from '../../runtime/stores/pglite.js';
import { createServiceBApp } from '../../services/mesh/service-b/create.js';
import { seedItems } from '../../services/mesh/service-b/items.js';
import { type Mesh, reply, type StandIn, security, standIn, startMesh, tokenFor, until } from './mesh.js';

const kettle = { id: randomUUID(), name: 'Kettle', price: 2490 };
const lamp = { id: randomUUID(), name: 'Lamp', price: 1990 };

/** Of the policy that service-a asks with. */
const timeoutMs = 300;
const ttlMs = 5_000;
const openForMs = 5_000;
const failuresToOpen = 5;

describe('a chain of calls', () => {
  const clock = new VirtualClock(Date.now());
  let serviceB: ReturnType<typeof createServiceBApp>;
  let mesh: Mesh;

  beforeAll(async () => {
    await dropPgliteSchema('service-b');
    serviceB = createServiceBApp({ store: storeFor('pglite:', 'service-b'), clock, security: security['service-b'] });
    await serviceB.start();
    await serviceB.service.transaction((tx) => seedItems(tx, [kettle, lamp]));
  }, 60_000);
  afterAll(() => serviceB.stop());
  beforeEach(async () => {
    mesh = await startMesh(serviceB.url, clock);
  });
  afterEach(() => mesh.stop());

  /** Answers are slow from here on: so many calls are made, and each of them runs into its timeout. */
  async function failSlowly(calls: number, id = kettle.id): Promise<readonly Response[]> {
    mesh.line.fail({ latencyMs: 2_000 });
    const before = mesh.tries;
    const answers = Promise.all(Array.from({ length: calls }, () => mesh.get(id)));
    await until(() => mesh.tries === before + calls);
    await clock.advance(timeoutMs);
    return answers;
  }

  /** An answer is kept, and no longer fresh. */
  async function keep(id: string): Promise<void> {
    expect((await mesh.get(id)).status).toBe(200);
    await clock.advance(ttlMs);
  }

  async function openBreaker(): Promise<void> {
    await failSlowly(failuresToOpen);
  }

  it('answers an item through all three services, and the second time from the memory of service-a', async () => {
    const fresh = await mesh.get(kettle.id);
    expect(fresh.status).toBe(200);
    expect(await fresh.json()).toMatchObject(kettle);
    expect(fresh.headers.get('etag')).toBe('"1"');
    expect(fresh.headers.get('x-served-from')).toBeNull();
    await clock.advance(2_000);
    const kept = await mesh.get(kettle.id);
    expect([kept.headers.get('x-served-from'), kept.headers.get('age')]).toEqual(['cache', '2']);
    expect(mesh.tries).toBe(1);
    expect((await mesh.get(randomUUID())).status).toBe(404);
  });

  it('opens the breaker when service-b is slow, and answers from memory within 50 ms from then on', async () => {
    await keep(kettle.id);
    const slow = await failSlowly(failuresToOpen);
    for (const answer of slow) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-served-from')).toBe('cache');
      expect(answer.headers.get('age')).toBe('5');
    }
    const tries = mesh.tries;
    const tookMs: number[] = [];
    for (let count = 0; count < 100; count++) {
      const startMs = performance.now();
      const answer = await mesh.get(kettle.id);
      expect(await answer.json()).toMatchObject(kettle);
      tookMs.push(performance.now() - startMs);
      expect(answer.headers.get('x-served-from')).toBe('cache');
    }
    expect(mesh.tries).toBe(tries);
    expect(percentile(tookMs, 95)).toBeLessThan(50);
  });

  it('keeps asking below the number of failures that opens the breaker', async () => {
    await keep(kettle.id);
    await failSlowly(failuresToOpen - 1);
    const tries = mesh.tries;
    mesh.line.fail({});
    mesh.line.cut();
    expect((await mesh.get(kettle.id)).headers.get('x-served-from')).toBeNull();
    expect(mesh.tries).toBe(tries + 1);
  });

  it('says 503 at once, and when to come back, for what it has never seen', async () => {
    await openBreaker();
    const tries = mesh.tries;
    const startMs = performance.now();
    const answer = await mesh.get(lamp.id);
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(mesh.tries).toBe(tries);
    await clock.advance(2_000);
    expect((await mesh.get(lamp.id)).headers.get('retry-after')).toBe('3');
  });

  it('lets exactly one probe through after five seconds, and stays open when that fails', async () => {
    await keep(kettle.id);
    await openBreaker();
    await clock.advance(openForMs);
    const before = mesh.tries;
    const first = mesh.get(kettle.id);
    await until(() => mesh.tries === before + 1);
    // While the probe is under way, all others are answered without it.
    for (const answer of await Promise.all(Array.from({ length: 10 }, () => mesh.get(kettle.id))))
      expect(answer.headers.get('x-served-from')).toBe('cache');
    await clock.advance(timeoutMs);
    expect((await first).headers.get('x-served-from')).toBe('cache');
    expect((await mesh.get(kettle.id)).headers.get('x-served-from')).toBe('cache');
    await clock.advance(openForMs - 1);
    expect((await mesh.get(kettle.id)).headers.get('x-served-from')).toBe('cache');
    expect(mesh.tries).toBe(before + 1);
    await clock.advance(1);
    const second = mesh.get(kettle.id);
    await until(() => mesh.tries === before + 2);
    await clock.advance(timeoutMs);
    await second;
  });

  it('recovers with the first probe that is answered', async () => {
    await keep(kettle.id);
    await openBreaker();
    mesh.line.fail({});
    mesh.line.cut();
    expect((await mesh.get(kettle.id)).headers.get('x-served-from')).toBe('cache');
    await clock.advance(openForMs);
    const before = mesh.tries;
    for (let count = 1; count <= 3; count++) {
      const answer = await mesh.get(kettle.id);
      expect([answer.status, answer.headers.get('x-served-from')]).toEqual([200, null]);
      expect(mesh.tries).toBe(before + count);
      await clock.advance(ttlMs);
    }
  });

  it('survives a reset connection unseen, and answers from memory when every try is reset', async () => {
    await keep(kettle.id);
    mesh.line.cut('reset');
    mesh.line.fail({ refuse: true });
    const before = mesh.tries;
    mesh.onTry = (number) => {
      if (number === before + 2) mesh.line.fail({});
    };
    const healed = await mesh.get(kettle.id);
    expect([healed.status, healed.headers.get('x-served-from')]).toEqual([200, null]);
    expect(mesh.tries).toBe(before + 2);
    mesh.onTry = () => {};
    await clock.advance(ttlMs);
    mesh.line.cut('reset');
    mesh.line.fail({ refuse: true });
    const kept = await mesh.get(kettle.id);
    expect([kept.status, kept.headers.get('x-served-from')]).toEqual([200, 'cache']);
    expect(mesh.tries).toBe(before + 2 + 3);
  });

  it('starts anew with a closed breaker, learns again that service-b is slow, and serves as soon as it is not', async () => {
    await keep(kettle.id);
    await openBreaker();
    await mesh.restartA();
    const before = mesh.tries;
    // The memory died with the process: nobody is told an item that nobody remembers.
    for (const answer of await failSlowly(failuresToOpen)) expect(answer.status).toBe(503);
    expect(mesh.tries).toBe(before + failuresToOpen);
    expect((await mesh.get(kettle.id)).status).toBe(503);
    expect(mesh.tries).toBe(before + failuresToOpen);
    mesh.line.fail({});
    mesh.line.cut();
    await mesh.restartA();
    expect((await mesh.get(kettle.id)).status).toBe(200);
  });

  describe('changes', () => {
    /** Asks service-a, or service-b in its name. */
    const change = async (id: string, ifMatch: string, price: number, to: 'a' | 'b' = 'a') =>
      fetch(`${to === 'a' ? mesh.serviceAUrl : serviceB.url}/${to}/items/${id}`, {
        method: 'PUT',
        headers: {
          ...(await tokenFor(`service-${to}`, clock, to === 'a' ? 'test' : 'service-a')),
          ...{ 'content-type': 'application/json', 'if-match': ifMatch },
        },
        body: JSON.stringify({ name: 'Lamp', price }),
      });

    it('name the version that they are based on, and come too late with 412', async () => {
      const changed = await change(lamp.id, '"1"', 2_090);
      expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
      expect(await changed.json()).toMatchObject({ ...lamp, price: 2_090 });
      const late = await change(lamp.id, '"1"', 2_190);
      expect(late.status).toBe(412);
      expect(await late.json()).toMatchObject({ title: 'Another version', status: 412 });
      for (const none of ['W/"2"', '2', '"x"', '"01"'])
        expect((await change(lamp.id, none, 2_190, 'b')).status).toBe(412);
      expect((await change(randomUUID(), '"1"', 1, 'b')).status).toBe(404);
      expect((await change(lamp.id, '*', 2_290, 'b')).status).toBe(200);
    });

    it('of one version are made once, however many come at the same time', async () => {
      const { headers } = await change(lamp.id, '*', 1, 'b');
      const etag = headers.get('etag') ?? '';
      const answers = await Promise.all([2, 3, 4, 5].map((price) => change(lamp.id, etag, price, 'b')));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    });
  });

  it('refuses whoever shows no token of a service that may call, at each door', async () => {
    const ask = async (letter: 'a' | 'b', headers: Readonly<Record<string, string>>) =>
      (await fetch(`${letter === 'a' ? mesh.serviceAUrl : serviceB.url}/${letter}/items/${kettle.id}`, { headers }))
        .status;
    for (const letter of ['a', 'b'] as const) {
      expect(await ask(letter, {})).toBe(401);
      expect(await ask(letter, { authorization: 'Bearer of-somebody' })).toBe(401);
      expect(await ask(letter, await tokenFor(`service-${letter}`, clock, 'stranger'))).toBe(401);
      expect(await ask(letter, await tokenFor('another-service', clock, 'service-a'))).toBe(401);
    }
    // It is known, but no edge of the contract leads here from it.
    expect(await ask('a', await tokenFor('service-a', clock, 'test'))).toBe(403);
    expect(await ask('b', await tokenFor('service-b', clock, 'api-gateway'))).toBe(403);
    expect(mesh.tries).toBe(0);
    expect(await ask('a', await tokenFor('service-a', clock, 'api-gateway'))).toBe(200);
  });

  it('passes nothing on to a person when its own token is refused', async () => {
    await mesh.stop();
    mesh = await startMesh(serviceB.url, clock, { authorize: () => ({}) });
    const answer = await mesh.get(kettle.id);
    expect(answer.status).toBe(500);
    expect(mesh.tries).toBe(0);
  });
});

describe('a chain of calls to a service-b that misbehaves', () => {
  let clock: VirtualClock;
  let serviceB: StandIn;
  let mesh: Mesh;
  const item = { ...kettle, updatedAt: '2026-03-01T09:00:00Z' };

  beforeEach(async () => {
    clock = new VirtualClock(Date.now());
    serviceB = await standIn(reply(200, item));
    mesh = await startMesh(serviceB.url, clock);
  });
  afterEach(async () => {
    await mesh.stop();
    await serviceB.close();
  });

  it('forgets what is older than ten minutes, whatever happens', async () => {
    await mesh.get(kettle.id);
    serviceB.answer = reply(503, { title: 'Try again later', status: 503 });
    await clock.advance(ttlMs + 600_000 - 1);
    const kept = await mesh.get(kettle.id);
    expect([kept.status, kept.headers.get('age')]).toEqual([200, '604']);
    await clock.advance(1);
    expect((await mesh.get(kettle.id)).status).toBe(503);
  });

  it.each<readonly [string, StandIn['answer']]>([
    ['text that is no JSON', reply(200, '{"id":')],
    ['another media type', reply(200, '<html>', { 'content-type': 'text/html' })],
    ['an item without its price', reply(200, { ...item, price: undefined })],
    ['a status that its contract does not know', reply(207, item)],
  ])('takes %s for a failure, which is not tried again and never reaches a person', async (_, answer) => {
    await mesh.get(kettle.id);
    await clock.advance(ttlMs);
    serviceB.answer = answer;
    const kept = await mesh.get(kettle.id);
    expect([kept.status, kept.headers.get('x-served-from')]).toEqual([200, 'cache']);
    expect(await kept.json()).toEqual(item);
    expect((await mesh.get(lamp.id)).status).toBe(503);
    expect(serviceB.requests).toHaveLength(3);
  });

  it('honours 429 with Retry-After: no further try, the memory, or the same wait for the caller', async () => {
    await mesh.get(kettle.id);
    await clock.advance(ttlMs);
    serviceB.answer = reply(429, { title: 'Too many requests', status: 429 }, { 'retry-after': '17' });
    expect((await mesh.get(kettle.id)).headers.get('x-served-from')).toBe('cache');
    const cold = await mesh.get(lamp.id);
    expect([cold.status, cold.headers.get('retry-after')]).toEqual([503, '17']);
    expect(serviceB.requests).toHaveLength(3);
    // It is an answer, and no reason to think that service-b is broken.
    for (let count = 0; count < 20; count++) await mesh.get(lamp.id);
    serviceB.answer = reply(200, item);
    expect((await mesh.get(kettle.id)).headers.get('x-served-from')).toBeNull();
  });

  it('turns one request into three at the most over all hops', async () => {
    serviceB.answer = reply(503, { title: 'Try again later', status: 503 });
    const answer = await mesh.get(kettle.id);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect([mesh.calls, mesh.tries, serviceB.requests.length]).toEqual([1, 3, 3]);
  });

  it('does not try again when service-b asks for more patience than the deadline leaves', async () => {
    serviceB.answer = reply(503, { title: 'Try again later', status: 503 }, { 'retry-after': '1' });
    expect((await mesh.get(kettle.id)).status).toBe(503);
    expect(serviceB.requests).toHaveLength(1);
  });

  it('does not try again what timed out', async () => {
    serviceB.answer = () => {};
    const answer = mesh.get(kettle.id);
    await until(() => serviceB.requests.length === 1);
    await clock.advance(timeoutMs);
    expect((await answer).status).toBe(503);
    expect(serviceB.requests).toHaveLength(1);
  });

  it('counts answers that are slow but in time as failures', async () => {
    const waiting: (() => void)[] = [];
    serviceB.answer = (request, response) => {
      waiting.push(() => reply(200, item)(request, response));
    };
    const answers = Array.from({ length: failuresToOpen }, () => mesh.get(randomUUID()));
    await until(() => waiting.length === failuresToOpen);
    await clock.advance(timeoutMs - 40);
    for (const go of waiting) go();
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
    expect((await mesh.get(lamp.id)).status).toBe(503);
    expect(serviceB.requests).toHaveLength(failuresToOpen);
  });

  it('carries the deadline, the correlation id and the token of each hop to the last one', async () => {
    await fetch(`${mesh.gatewayUrl}/api/items/${kettle.id}`, {
      headers: { 'x-correlation-id': 'the-request-of-a-person' },
    });
    const [request] = serviceB.requests;
    expect(request?.headers).toMatchObject({
      ...(await tokenFor('service-b', clock, 'service-a')),
      'x-correlation-id': 'the-request-of-a-person',
      // service-a allows itself 800 ms, which is less than what the gateway has left.
      'x-request-deadline': new Date(clock.now() + 800).toISOString(),
    });
  });

  it('passes on what is left when that is less than its own patience, and nothing when nothing is left', async () => {
    const token = await tokenFor('service-a', clock, 'api-gateway');
    const ask = (leftMs: number) =>
      fetch(`${mesh.serviceAUrl}/a/items/${randomUUID()}`, {
        headers: { ...token, 'x-request-deadline': new Date(clock.now() + leftMs).toISOString() },
      });
    expect((await ask(90)).status).toBe(200);
    expect(serviceB.requests[0]?.headers['x-request-deadline']).toBe(new Date(clock.now() + 90).toISOString());
    for (const leftMs of [0, -1, -60_000]) expect((await ask(leftMs)).status).toBe(504);
    expect(serviceB.requests).toHaveLength(1);
  });

  it('lets no slow route starve another one', async () => {
    const waiting: (() => void)[] = [];
    serviceB.answer = (request, response) => {
      const answer = reply(200, item, { etag: '"1"' });
      if (request.method === 'GET') waiting.push(() => answer(request, response));
      else answer(request, response);
    };
    const headers = await tokenFor('service-a', clock, 'api-gateway');
    const statuses: number[] = [];
    // Ten are under way and twenty wait: the route is full, and the rest is refused.
    const reads = Array.from({ length: 45 }, async () => {
      const answer = await fetch(`${mesh.serviceAUrl}/a/items/${randomUUID()}`, { headers });
      statuses.push(answer.status);
    });
    await until(() => statuses.length === 15 && waiting.length === 10);
    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(serviceB.requests).toHaveLength(10);
    const change = await fetch(`${mesh.serviceAUrl}/a/items/${kettle.id}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json', 'if-match': '"1"' },
      body: JSON.stringify({ name: 'Kettle', price: 1 }),
    });
    expect(change.status).toBe(200);
    expect(serviceB.requests).toHaveLength(11);
    await until(() => {
      for (const go of waiting.splice(0)) go();
      return serviceB.requests.length === 31 && statuses.length === 45;
    });
    await Promise.all(reads);
    expect(statuses.slice(15)).toEqual(Array.from({ length: 30 }, () => 200));
  });
});

function percentile(values: readonly number[], percent: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1] ?? Number.NaN;
}
