import { connect } from 'node:net';
import Fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { UnavailableError } from '../../runtime/errors.js';
import { CircuitOpenError, HttpDeadlineError, HttpTimeoutError } from '../../runtime/http/errors.js';
import { fastifyPlugin } from '../../runtime/http/fastify-adapter.js';
import { environmentFlag } from '../../runtime/http/feature-flags.js';
import type { OperationDefinition } from '../../runtime/http/operation.js';
import { createServer, type ServerDefinition } from '../../runtime/http/server.js';
import type { OperationHandler } from '../../runtime/http/server-context.js';
import type { ServerOptions } from '../../runtime/http/server-options.js';
import type { Logger } from '../../runtime/log.js';
import { currentScope } from '../../runtime/scope.js';
import { createTelemetry } from '../../runtime/telemetry.js';
import type { Validator } from '../../runtime/validation.js';

const isPerson: Validator<unknown> = Object.assign(
  (data: unknown): data is unknown => {
    const fits = typeof (data as { name?: unknown }).name === 'string';
    isPerson.errors = fits
      ? null
      : [{ instancePath: '/name', schemaPath: '', keyword: 'type', params: {}, message: 'must be string' }];
    return fits;
  },
  { errors: null },
);

const put: OperationDefinition = {
  ...{ name: 'put', method: 'POST', path: '/people/{id}', security: [] },
  parameters: [{ name: 'id', in: 'path', as: 'id', required: true, type: 'string' }],
  body: { required: false, content: [{ type: 'application/json', kind: 'json' }] },
  replies: [
    { status: '200', content: [{ type: 'application/json', kind: 'json', validate: isPerson }] },
    { status: '204', content: [] },
  ],
  redact: ['email'],
};

interface Line {
  readonly level: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

function start(handler: OperationHandler, options: ServerOptions = {}, definition: Partial<ServerDefinition> = {}) {
  const lines: Line[] = [];
  const at = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push({ level, message, facts });
  const log: Logger = { debug: at('debug'), info: () => {}, warn: at('warn'), error: at('error') };
  const clock = new VirtualClock();
  const telemetry = createTelemetry('demo');
  const server = createServer(
    { service: 'demo', basePath: '/v1', operations: [put], ...definition },
    { put: handler },
    { clock, log, telemetry, ...options },
  );
  const ask = (headers: Readonly<Record<string, string>> = {}, body = '{"name":"Ada","email":"ada@mail.example"}') =>
    server.fetch(
      new Request('http://demo/v1/people/7', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      }),
    );
  return { server, ask, lines, clock, telemetry };
}

function messageOf(line: Line | undefined): string | undefined {
  return line?.facts.error instanceof Error ? line.facts.error.message : undefined;
}

const fine: OperationHandler = () => ({ status: 200, body: { name: 'Ada' } });

describe('the time that a caller gives', () => {
  const deadline = (clock: VirtualClock, ms: number) => ({
    'x-request-deadline': new Date(clock.now() + ms).toISOString(),
  });

  it('is over: 504 without the handler', async () => {
    let ran = false;
    const { ask, clock } = start(() => {
      ran = true;
      return { status: 204 };
    });
    expect((await ask(deadline(clock, 0))).status).toBe(504);
    expect(ran).toBe(false);
    expect((await ask(deadline(clock, 1))).status).toBe(204);
  });

  it('goes along to calls made inside, and ends the handler', async () => {
    let seen: number | undefined;
    let aborted = false;
    const { ask, clock, lines } = start(async ({ signal }) => {
      seen = currentScope()?.deadlineAtMs;
      await new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          reject(new Error('stopped'));
        });
      });
      return { status: 204 };
    });
    const until = clock.now() + 2_000;
    const answer = ask(deadline(clock, 2_000));
    await clock.advance(1_999);
    expect(aborted).toBe(false);
    await clock.advance(1);
    expect((await answer).status).toBe(504);
    expect([seen, aborted]).toEqual([until, true]);
    expect(clock.pending).toBe(0);
    expect(lines.map(({ message }) => message)).toEqual(['a handler failed after its time was over']);
  });

  it('leaves nothing behind when the handler is in time, and counts for nothing when it cannot be read', async () => {
    const { ask, clock } = start(fine);
    expect((await ask(deadline(clock, 2_000))).status).toBe(200);
    expect(clock.pending).toBe(0);
    expect((await ask({ 'x-request-deadline': 'soon' })).status).toBe(200);
  });
});

describe('answers that break the contract', () => {
  it('are answered with 500, and told with their place and no value', async () => {
    const { ask, lines, telemetry } = start(() => ({ status: 200, body: { name: 4711 } }));
    const answer = await ask();
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('4711');
    expect(messageOf(lines[0])).toBe('put answered 200 with a body that breaks its contract: /name must be string');
    expect(JSON.stringify(lines)).not.toContain('4711');
    expect(telemetry.snapshot().map(({ name }) => name)).toContain('seamwright.http.invalid_replies');
  });

  it('pass where the server only logs them', async () => {
    const { ask, lines } = start(() => ({ status: 200, body: { name: 5 } }), { invalidReplies: 'log' });
    expect(await (await ask()).json()).toEqual({ name: 5 });
    expect(lines).toMatchObject([{ level: 'error', message: 'a handler broke its contract' }]);
  });

  it('are judged as they are written', async () => {
    const name = { toJSON: () => 'Ada' };
    const { ask } = start(() => ({ status: 200, body: { name } }));
    expect(await (await ask()).json()).toEqual({ name: 'Ada' });
  });

  it.each([{ 'x-a': 'a\r\nset-cookie: b' }, { 'a b': 'c' }, { 'x-a': '\u2603' }])(
    'headers that HTTP does not allow are one of them: %j',
    async (headers) => {
      expect((await start(() => ({ status: 204, headers })).ask()).status).toBe(500);
    },
  );
});

describe('what fails for want of somebody else', () => {
  const place = { provider: 'common', operation: 'getUser' };

  it.each<[string, Error, number, string | null]>([
    ['a breaker that is open', new CircuitOpenError(place, 2_500), 503, '3'],
    ['a store that is away', new UnavailableError('the store'), 503, null],
    ['a call that took too long', new HttpTimeoutError(place, 10), 504, null],
    ['a time that was over', new HttpDeadlineError(place), 504, null],
    ['anything else', new Error('secret'), 500, null],
  ])('%s', async (_, error, status, retryAfter) => {
    const { ask } = start(() => {
      throw error;
    });
    const answer = await ask();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await answer.text()).not.toContain('secret');
  });
});

describe('personal values', () => {
  it('are masked in the log of requests and in errors that quote them', async () => {
    const { ask, lines } = start(
      ({ body }) => {
        throw new Error(`no room for ${(body as { email: string }).email}`);
      },
      { logRequests: true },
    );
    await ask();
    expect(lines[0]).toMatchObject({
      ...{ level: 'debug', message: 'asked' },
      facts: { path: { id: '7' }, body: { name: 'Ada', email: '[redacted]' } },
    });
    expect(messageOf(lines[1])).toBe('no room for [redacted]');
    expect(JSON.stringify(lines)).not.toContain('ada@mail');
  });

  it('are in no log unless somebody asks for requests', async () => {
    const { ask, lines } = start(fine);
    await ask();
    expect(lines).toEqual([]);
  });
});

describe('a feature that is off', () => {
  const flag = { name: 'new-people', default: false, offStatus: 404 };
  const flagged = { flags: { put: [flag] } };

  it('answers as contracted, before anybody is asked who he is', async () => {
    const authenticate = () => {
      throw new Error('asked');
    };
    const operations = [{ ...put, security: ['token'] }];
    const { ask } = start(fine, { authenticate }, { ...flagged, operations });
    expect((await ask()).status).toBe(404);
  });

  it('is switched by the server, then by the environment, then by the contract', async () => {
    let on: boolean | undefined = true;
    const { ask } = start(fine, { flags: (name) => (name === 'new-people' ? on : undefined) }, flagged);
    expect((await ask()).status).toBe(200);
    on = false;
    expect((await ask()).status).toBe(404);
    on = undefined;
    process.env.SEAMWRIGHT_FLAG_NEW_PEOPLE = 'on';
    try {
      expect((await ask()).status).toBe(200);
    } finally {
      delete process.env.SEAMWRIGHT_FLAG_NEW_PEOPLE;
    }
    expect((await ask()).status).toBe(404);
    expect(environmentFlag('new people', { SEAMWRIGHT_FLAG_NEW_PEOPLE: 'off' })).toBe(false);
    expect(() => environmentFlag('a', { SEAMWRIGHT_FLAG_A: 'maybe' })).toThrow('it may be on or off');
  });

  it('keeps its default while its keeper is away', async () => {
    const flags = () => Promise.reject(new Error('away'));
    const { ask, lines } = start(fine, { flags }, { flags: { put: [{ ...flag, default: true }] } });
    expect((await ask()).status).toBe(200);
    expect(lines).toMatchObject([{ level: 'warn', facts: { flag: 'new-people' } }]);
  });

  it('leaves what another feature uses, too', async () => {
    const { ask } = start(fine, {}, { flags: { put: [flag, { ...flag, name: 'other', default: true }] } });
    expect((await ask()).status).toBe(200);
  });
});

function gate(): { readonly promise: Promise<void>; open(): void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open: () => open() };
}

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

describe('closing', () => {
  it('finishes what is at hand', async () => {
    const [begun, ended] = [gate(), gate()];
    const { server } = start(async () => {
      begun.open();
      await ended.promise;
      return { status: 204 };
    });
    const listening = await server.listen();
    const asked = fetch(`${listening.url}/people/1`, { method: 'POST' });
    await begun.promise;
    const closed = listening.close();
    ended.open();
    const answer = await asked;
    expect([answer.status, answer.headers.get('connection')]).toEqual([204, 'close']);
    await closed;
  });

  it('refuses a request that was on its way already', async () => {
    const { server } = start(fine);
    const listening = await server.listen();
    const socket = connect(listening.port, '127.0.0.1');
    socket.write('POST /v1/people/1 HTTP/1.1\r\nHost: demo\r\n');
    const text = (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString();
    })();
    // By then the server has read what was written before.
    await fetch(`${listening.url.replace('/v1', '')}/health`);
    const closed = listening.close();
    socket.write('\r\n');
    expect(await text).toMatch(/^HTTP\/1\.1 503 .*\r\n(.*\r\n)*retry-after: 1\r\nconnection: close/i);
    await closed;
  });

  it('cuts off what takes longer than the grace', async () => {
    const { server } = start(() => new Promise(() => {}));
    const listening = await server.listen({ closeGraceMs: 20 });
    const hanging = fetch(`${listening.url}/people/1`, { method: 'POST' }).catch((error: unknown) => error);
    await expect.poll(async () => (await fetch(`${listening.url.replace('/v1', '')}/health`)).status).toBe(200);
    await listening.close();
    expect(await hanging).toBeInstanceOf(Error);
  });
});

describe('beside the routes of a Fastify application', () => {
  async function fastify(handler: OperationHandler, prefix = '') {
    const app = Fastify();
    app.get('/v1/own', () => ({ own: true }));
    app.post('/own', (asked) => ({ got: asked.body }));
    app.addHook('onSend', async (_, reply) => void reply.header('x-hook', 'yes'));
    const { server } = start(handler);
    await app.register(fastifyPlugin(server), { prefix });
    open.push(app);
    return app.listen({ port: 0 });
  }
  const body = JSON.stringify({ name: 'Ada' });
  const post = { method: 'POST', body, headers: { 'content-type': 'application/json' } };

  it('answers the operations of the contract, and leaves the application its own', async () => {
    const url = await fastify((call) => ({ status: 200, body: call.body, headers: { 'x-own': '1' } }));
    const answer = await fetch(`${url}/v1/people/7`, post);
    expect([answer.status, await answer.json()]).toEqual([200, { name: 'Ada' }]);
    expect([answer.headers.get('x-own'), answer.headers.get('x-hook')]).toEqual(['1', 'yes']);
    expect(answer.headers.get('x-correlation-id')).toMatch(/^.{36}$/);
    expect(await (await fetch(`${url}/v1/own`)).json()).toEqual({ own: true });
    expect(await (await fetch(`${url}/own`, post)).json()).toEqual({ got: { name: 'Ada' } });
    expect((await fetch(`${url}/v1/nothing`)).headers.get('content-type')).toContain('application/problem+json');
    expect((await fetch(`${url}/nothing`)).headers.get('content-type')).toContain('application/json');
  });

  it('answers below a prefix, refuses large bodies, and reads those that Fastify would not', async () => {
    const url = await fastify(() => ({ status: 204 }), '/api');
    expect((await fetch(`${url}/api/v1/people/7`, post)).status).toBe(204);
    expect((await fetch(`${url}/v1/people/7`, post)).status).toBe(404);
    expect((await fetch(`${url}/api/v1/people/7`, { ...post, body: 'x'.repeat(1_100_000) })).status).toBe(413);
    expect((await fetch(`${url}/api/v1/people/7`, { ...post, headers: { 'content-type': 'text/odd' } })).status).toBe(
      415,
    );
  });

  it('tells a handler that its caller has gone', async () => {
    let gone = false;
    const begun = gate();
    const url = await fastify(async ({ signal }) => {
      signal.addEventListener('abort', () => {
        gone = true;
      });
      begun.open();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { status: 204 };
    });
    const caller = new AbortController();
    const asked = fetch(`${url}/v1/people/7`, { ...post, signal: caller.signal }).catch(() => {});
    await begun.promise;
    caller.abort();
    await asked;
    await expect.poll(() => gone).toBe(true);
  });
});
