import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import type { OperationDefinition } from '../../runtime/http/operation.js';
import { ProblemError } from '../../runtime/http/problem.js';
import type { HttpReply } from '../../runtime/http/reply.js';
import { createServer } from '../../runtime/http/server.js';
import type { OperationHandler } from '../../runtime/http/server-context.js';
import type { ServerOptions } from '../../runtime/http/server-options.js';
import type { Logger } from '../../runtime/log.js';
import { currentScope } from '../../runtime/scope.js';
import { createService } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import type { Store } from '../../runtime/stores/store.js';
import { createTelemetry } from '../../runtime/telemetry.js';
import type { Validator } from '../../runtime/validation.js';

const definition = {
  ...{ system: 'test', service: 'shop', owned: {}, publishes: {}, copies: {}, effects: [] },
  topology: { exchanges: [], queues: [] },
};

const hasId: Validator<unknown> = (data): data is unknown => typeof (data as { id?: unknown }).id === 'number';

const order = (given: Partial<OperationDefinition> = {}): OperationDefinition => ({
  name: 'order',
  method: 'POST',
  path: '/orders/{shop}',
  parameters: [
    { name: 'shop', in: 'path', as: 'shop', required: true, type: 'string' },
    { name: 'urgent', in: 'query', as: 'urgent', required: false, type: 'boolean' },
    { name: 'Idempotency-Key', in: 'header', as: 'idempotencyKey', required: false, type: 'string' },
    { name: 'X-Tenant', in: 'header', as: 'xTenant', required: false, type: 'string' },
    { name: 'X-Correlation-ID', in: 'header', as: 'xCorrelationId', required: false, type: 'string' },
  ],
  body: { required: false, content: [{ type: 'application/json', kind: 'json' }] },
  replies: [
    { status: '201', content: [{ type: 'application/json', kind: 'json', validate: hasId }] },
    { status: '409', content: [] },
    { status: '422', content: [] },
  ],
  security: [],
  ...given,
});

type Once = (work: (tx: unknown) => Promise<HttpReply>) => Promise<HttpReply>;
type Handler = (call: Readonly<Record<string, unknown>> & { readonly once: Once }) => Promise<HttpReply>;

interface World {
  /** Effects that have committed. */
  effects(): Promise<number>;
  /** How often the handler was run. */
  readonly runs: () => number;
  ask(
    key: string | undefined,
    change?: Partial<{ path: string; body: string; headers: Record<string, string> }>,
  ): Promise<Response>;
  readonly logged: readonly string[];
  readonly clock: VirtualClock;
  readonly telemetry: ReturnType<typeof createTelemetry>;
}

async function start(
  options: ServerOptions & {
    readonly operation?: OperationDefinition;
    readonly handler?: Handler;
    readonly store?: Store;
  } = {},
): Promise<World> {
  const { operation = order(), handler, store: given, ...more } = options;
  const clock = new VirtualClock();
  const store = given ?? memoryStore({ clock });
  const service = createService(definition, { broker: memoryBroker({ clock }), store, clock });
  await service.start();
  const telemetry = createTelemetry('shop');
  const logged: string[] = [];
  const tell = (_: object, message: string) => void logged.push(message);
  const log: Logger = { debug: tell, info: () => {}, warn: tell, error: tell };
  let runs = 0;
  const effects = () => store.transaction(async (tx) => Number((await tx.note('effects')) ?? 0));
  const effect: Handler = ({ once }) =>
    once(async () => {
      const id = (await countedEffect()) + 1;
      return { status: 201, body: { id }, headers: { Location: `/orders/${id}` } };
    });
  /** In the transaction that is open: `once` is the only way to it. */
  const countedEffect = async (): Promise<number> => {
    const tx = currentTransaction();
    const before = Number((await tx.note('effects')) ?? 0);
    await tx.setNote('effects', String(before + 1));
    return before;
  };
  const server = createServer(
    { service: 'shop', basePath: '', operations: [operation] },
    {
      order: (async (call) => {
        runs += 1;
        return (handler ?? effect)(call as never);
      }) satisfies OperationHandler,
    },
    { service, clock, log, telemetry, authenticate: 'none', ...more },
  );
  return {
    ...{ effects, runs: () => runs, logged, clock, telemetry },
    ask: (key, { path = '/orders/a', body = '{"n":1,"m":[1,2]}', headers = {} } = {}) =>
      server.fetch(
        new Request(`http://shop${path}`, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/json',
            ...(key !== undefined && { 'idempotency-key': key }),
            ...headers,
          },
        }),
      ),
  };
}

function currentTransaction() {
  const tx = currentScope()?.unit?.tx;
  if (tx === undefined) throw new Error('no transaction is open');
  return tx;
}

describe('the same request again', () => {
  it('gets the same answer, is told so, and neither takes effect nor runs the handler again', async () => {
    const world = await start();
    const first = await world.ask('k');
    const second = await world.ask('k', {
      body: '{ "m": [1, 2], "n": 1.0 }',
      headers: { 'x-correlation-id': 'other' },
    });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect([await first.json(), await second.json()]).toEqual([{ id: 1 }, { id: 1 }]);
    expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(second.headers.get('location')).toBe('/orders/1');
    expect([await world.effects(), world.runs()]).toEqual([1, 1]);
  });

  it('waits while the first is at work, and gets its answer', async () => {
    const world = await start();
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.ask('k')));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(await world.effects()).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(49);
  });

  it('counts as new after a day, or as long as the server says', async () => {
    const world = await start();
    await world.ask('k');
    await world.clock.advance(86_399_000);
    expect((await world.ask('k')).headers.get('idempotent-replayed')).toBe('true');
    await world.clock.advance(1_000);
    await world.ask('k');
    expect(await world.effects()).toBe(2);
    const short = await start({ keepRepliesMs: 1_000 });
    await short.ask('k');
    await short.clock.advance(1_000);
    await short.ask('k');
    expect(await short.effects()).toBe(2);
  });

  it('is new without a key', async () => {
    const world = await start();
    await world.ask(undefined);
    await world.ask(undefined);
    expect(await world.effects()).toBe(2);
  });
});

describe('another request under the same key', () => {
  it.each([
    ['body', { body: '{"n":2,"m":[1,2]}' }],
    ['path', { path: '/orders/b' }],
    ['query', { path: '/orders/a?urgent=true' }],
    ['header', { headers: { 'x-tenant': 't' } }],
  ])('is refused: another %s', async (_, change) => {
    const world = await start();
    await world.ask('k');
    const answer = await world.ask('k', change);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ title: 'The idempotency key belongs to another request' });
    expect(await world.effects()).toBe(1);
  });

  it('is 409 where the contract knows only that', async () => {
    const { replies } = order();
    const world = await start({ operation: order({ replies: replies.filter(({ status }) => status !== '422') }) });
    await world.ask('k');
    expect((await world.ask('k', { body: '2' })).status).toBe(409);
  });

  it('is refused while the first is at work, too', async () => {
    const world = await start();
    const answers = await Promise.all([world.ask('k'), world.ask('k', { body: '2' })]);
    expect(answers.map(({ status }) => status)).toEqual([201, 422]);
  });
});

describe('keys of callers', () => {
  const secured = order({ security: ['token'] });
  const as = (headers: Headers) => headers.get('authorization');

  it('do not meet', async () => {
    const world = await start({ operation: secured, authenticate: ({ headers }) => as(headers) });
    await world.ask('k', { headers: { authorization: 'a' } });
    const other = await world.ask('k', { headers: { authorization: 'b' }, body: '2' });
    expect([other.status, other.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect(await world.effects()).toBe(2);
  });

  it('stay theirs with another token', async () => {
    const authenticate = ({ headers }: { readonly headers: Headers }) => ({ id: 'ada', token: as(headers) });
    const world = await start({ operation: secured, authenticate });
    await world.ask('k', { headers: { authorization: 'a' } });
    const again = await world.ask('k', { headers: { authorization: 'b' } });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('need to know who calls', async () => {
    const nameless = { operation: secured, authenticate: () => ({ name: 'ada' }) };
    const refused = await start(nameless);
    expect((await refused.ask('k')).status).toBe(500);
    const named = await start({ ...nameless, callerId: (caller) => (caller as { name: string }).name });
    expect((await named.ask('k')).status).toBe(201);
  });

  it('may be of any length and content', async () => {
    const world = await start();
    for (const key of ['x'.repeat(5_000), `${'x'.repeat(5_000)}y`, '"quoted"']) {
      expect((await world.ask(key)).status).toBe(201);
      expect((await world.ask(key)).headers.get('idempotent-replayed')).toBe('true');
    }
    expect(await world.effects()).toBe(3);
    expect((await world.ask('')).status).toBe(400);
  });
});

describe('what fails', () => {
  const failing = (fail: (time: number) => HttpReply | Promise<HttpReply>): Handler => {
    let times = 0;
    return ({ once }) =>
      once(async () => {
        times += 1;
        const tx = currentTransaction();
        await tx.setNote('effects', String(Number((await tx.note('effects')) ?? 0) + 1));
        return fail(times);
      });
  };

  it('is undone and not kept, so that it may be tried again', async () => {
    const handler = failing((time) => {
      if (time === 1) throw new ProblemError(422, { detail: 'not now' });
      if (time === 2) throw new Error('no');
      return { status: 201, body: { id: time } };
    });
    const world = await start({ handler });
    expect((await world.ask('k')).status).toBe(422);
    expect((await world.ask('k')).status).toBe(500);
    expect(await world.effects()).toBe(0);
    expect(await (await world.ask('k')).json()).toEqual({ id: 3 });
    expect(await world.effects()).toBe(1);
  });

  it('an answer that breaks the contract undoes its effect', async () => {
    const world = await start({ handler: failing((time) => ({ status: 201, body: time === 1 ? {} : { id: time } })) });
    expect((await world.ask('k')).status).toBe(500);
    expect(await world.effects()).toBe(0);
    expect((await world.ask('k')).status).toBe(201);
  });

  it('an error that a handler answers is kept like every answer', async () => {
    const world = await start({ handler: failing(() => ({ status: 409 })) });
    expect((await world.ask('k')).status).toBe(409);
    const again = await world.ask('k');
    expect([again.status, again.headers.get('idempotent-replayed'), await again.text()]).toEqual([409, 'true', '']);
    expect(await world.effects()).toBe(1);
  });

  it('calling once twice, or without a service', async () => {
    const twice = await start({
      handler: async ({ once }) => {
        await once(async () => ({ status: 201, body: { id: 1 } }));
        return once(async () => ({ status: 201, body: { id: 2 } }));
      },
    });
    expect((await twice.ask('k')).status).toBe(500);
    expect(twice.logged).toEqual(['a handler failed']);
    const server = createServer(
      { service: 'shop', basePath: '', operations: [order()] },
      { order: ({ once }: { readonly once: Once }) => once(async () => ({ status: 201, body: { id: 1 } })) },
    );
    const init = { method: 'POST', headers: { 'idempotency-key': 'k' } };
    expect((await server.fetch(new Request('http://shop/orders/a', init))).status).toBe(500);
  });
});

it('a handler that takes no notice of the key is told of', async () => {
  const world = await start({ handler: async () => ({ status: 201, body: { id: 1 } }) });
  await world.ask(undefined);
  expect(world.logged).toEqual([]);
  await world.ask('k');
  expect(world.logged).toEqual([
    'a handler answered a request with an idempotency key without once: sent again, it takes effect again',
  ]);
  expect(world.telemetry.snapshot()).toContainEqual({
    name: 'seamwright.http.unkept_replies',
    attributes: { operation: 'order' },
    value: 1,
  });
});

it('bytes are kept as they were', async () => {
  const operation = order({ replies: [{ status: '200', content: [{ type: 'application/pdf', kind: 'binary' }] }] });
  const body = new Uint8Array([0, 255, 37, 80]);
  const world = await start({ operation, handler: ({ once }) => once(async () => ({ status: 200, body })) });
  await world.ask('k');
  const again = await world.ask('k');
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(new Uint8Array(await again.arrayBuffer())).toEqual(body);
});
