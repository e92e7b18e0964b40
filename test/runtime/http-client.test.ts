import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import { UsageError } from '../../runtime/errors.js';
import { addressOf } from '../../runtime/http/address.js';
import { type CallDefinition, type ClientOptions, createClient } from '../../runtime/http/client.js';
import {
  HttpConnectionError,
  HttpStatusError,
  HttpTimeoutError,
  UnexpectedReplyError,
} from '../../runtime/http/errors.js';
import { listen } from '../../runtime/http/node-adapter.js';
import type { OperationDefinition } from '../../runtime/http/operation.js';
import { inScope, type Scope } from '../../runtime/scope.js';
import type { Validator } from '../../runtime/validation.js';

const isUser: Validator<unknown> = Object.assign((data: unknown): data is unknown => {
  const valid = typeof data === 'object' && data !== null && 'name' in data;
  isUser.errors = valid
    ? null
    : [{ instancePath: '', schemaPath: '', keyword: 'required', params: {}, message: "must have 'name'" }];
  return valid;
}, {});

const getUser: OperationDefinition = {
  name: 'getUser',
  method: 'GET',
  path: '/users/{id}',
  parameters: [
    { name: 'id', in: 'path', as: 'id', required: true, type: 'string' },
    { name: 'Idempotency-Key', in: 'header', as: 'idempotencyKey', required: false, type: 'string' },
  ],
  replies: [
    {
      status: '200',
      content: [
        { type: 'application/json', kind: 'json', validate: isUser },
        { type: 'text/csv', kind: 'text' },
        { type: 'image/*', kind: 'binary' },
      ],
    },
    { status: '204', content: [] },
    { status: '404', content: [{ type: 'application/problem+json', kind: 'json' }] },
    { status: '5XX', content: [] },
  ],
  security: ['token'],
};

interface Client {
  getUser(
    request: { readonly id: string; readonly idempotencyKey?: string },
    options?: { readonly signal?: AbortSignal; readonly timeoutMs?: number },
  ): Promise<unknown>;
}

interface Sent {
  readonly url: string;
  readonly headers: Headers;
}

/** A client whose every call is answered by `answer`. */
function clientOf(
  answer: (sent: Sent, signal: AbortSignal) => Response | Promise<Response>,
  options: ClientOptions & Partial<CallDefinition> = {},
): Client {
  const { nullOn = [], ...rest } = options;
  return createClient<Client>(
    {
      caller: 'people',
      provider: 'accounts',
      servers: [],
      calls: { getUser: { operation: getUser, nullOn, nested: false, policy: { timeoutMs: 1000 } } },
    },
    {
      urls: { accounts: 'http://accounts.example/base/' },
      fetch: async (url, init) => answer({ url, headers: new Headers(init.headers) }, init.signal as AbortSignal),
      ...rest,
    },
  );
}

const json = (body: unknown, status = 200, type = 'application/json'): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });

const scope = (more: Partial<Scope> = {}): Scope => ({
  service: 'people',
  cause: { correlationId: 'c-1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  ...more,
});

describe('what a call sends', () => {
  it('names the caller and carries the work at hand on', async () => {
    const sent: Sent[] = [];
    const client = clientOf((each) => {
      sent.push(each);
      return json({ name: 'Ada' });
    });
    await inScope(scope(), () => client.getUser({ id: 'a/b', idempotencyKey: 'k-1' }));
    await client.getUser({ id: '1' });
    const [first, second] = sent;
    expect(first?.url).toBe('http://accounts.example/base/users/a%2Fb');
    expect(Object.fromEntries(first?.headers ?? [])).toEqual({
      accept: 'application/json, text/csv, image/*, application/problem+json',
      'idempotency-key': 'k-1',
      traceparent: scope().cause.traceparent,
      'user-agent': 'people (seamwright)',
      'x-correlation-id': 'c-1',
    });
    expect(second?.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('adds credentials to operations with security', async () => {
    const asked: unknown[] = [];
    const client = clientOf(({ headers }) => json({ name: headers.get('authorization') }), {
      authorize: (call) => {
        asked.push(call);
        return { authorization: 'Bearer t' };
      },
    });
    expect(await client.getUser({ id: '1' })).toEqual({ name: 'Bearer t' });
    expect(asked).toEqual([{ provider: 'accounts', operation: 'getUser', schemes: ['token'] }]);
  });

  it('is refused inside a database transaction, before anything is sent', async () => {
    const client = clientOf(() => expect.unreachable());
    const unit = { open: true } as NonNullable<Scope['unit']>;
    await expect(inScope(scope({ unit }), () => client.getUser({ id: '1' }))).rejects.toThrow(UsageError);
  });
});

describe('what a call gives', () => {
  it.each<[string, () => Response, unknown]>([
    ['a body as JSON', () => json({ name: 'Ada', more: 1 }), { name: 'Ada', more: 1 }],
    ['JSON of another name', () => json({ name: 'Ada' }, 200, 'application/hal+json; charset=utf-8'), { name: 'Ada' }],
    ['text', () => new Response('a,b', { headers: { 'content-type': 'text/csv' } }), 'a,b'],
    [
      'bytes',
      () => new Response(new Uint8Array([1, 2]), { headers: { 'content-type': 'image/png' } }),
      new Uint8Array([1, 2]),
    ],
    ['undefined without content', () => new Response(null, { status: 204 }), undefined],
  ])('%s', async (_, answer, expected) => {
    expect(await clientOf(answer).getUser({ id: '1' })).toEqual(expected);
  });

  it('null for a status of null_on', async () => {
    expect(
      await clientOf(() => json({ title: 'none', status: 404 }, 404), { nullOn: [404] }).getUser({ id: '1' }),
    ).toBeNull();
  });
});

async function failure(answer: () => Response, options: ClientOptions = {}): Promise<unknown> {
  return clientOf(answer, options)
    .getUser({ id: '1' })
    .then(
      () => expect.unreachable(),
      (error: unknown) => error,
    );
}

describe('what a call throws', () => {
  it('HttpStatusError for a documented status, with the problem', async () => {
    const problem = { title: 'Not found', status: 404, detail: 'no user 1' };
    const error = await failure(() => json(problem, 404, 'application/problem+json'));
    expect(error).toBeInstanceOf(HttpStatusError);
    expect(error).toMatchObject({
      message: 'accounts.getUser answered 404: no user 1',
      status: 404,
      body: problem,
      problem,
      retriable: false,
    });
  });

  it('HttpStatusError for a status of a documented class, even when a proxy answers in its own words', async () => {
    const page = () =>
      new Response('<html>', { status: 503, headers: { 'content-type': 'text/html', 'retry-after': '7' } });
    expect(await failure(page)).toMatchObject({
      code: 'http-status',
      status: 503,
      body: undefined,
      retriable: true,
      retryAfterS: 7,
    });
  });

  it.each<[string, () => Response, string]>([
    ['an undocumented status', () => json({}, 418), 'answered 418, which its contract does not document'],
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { location: 'http://elsewhere' } }),
      'answered 302, which',
    ],
    [
      'another media type',
      () => new Response('<p>', { headers: { 'content-type': 'text/html' } }),
      'with "text/html", which',
    ],
    [
      'broken JSON',
      () => new Response('{"name":', { headers: { 'content-type': 'application/json' } }),
      'with a body that is no json',
    ],
    [
      'no UTF-8',
      () => new Response(new Uint8Array([0xff]), { headers: { 'content-type': 'text/csv' } }),
      'with a body that is no text',
    ],
    ['a body that breaks the schema', () => json({}), "breaks its contract: message must have 'name'"],
  ])('UnexpectedReplyError for %s', async (_, answer, message) => {
    const error = await failure(answer);
    expect(error).toBeInstanceOf(UnexpectedReplyError);
    expect(String(error)).toContain(message);
  });

  it('UnexpectedReplyError for more bytes than allowed', async () => {
    const error = await failure(() => json({ name: 'x'.repeat(100) }), { replyMaxBytes: 50 });
    expect(String(error)).toContain('with more than 50 bytes');
  });

  it('HttpConnectionError when nobody listens', async () => {
    const closed = await listen(() => expect.unreachable(), {});
    await closed.close();
    const client = clientOf(() => expect.unreachable(), { urls: { accounts: closed.url }, fetch });
    const error = await client.getUser({ id: '1' }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(HttpConnectionError);
    expect(error).toMatchObject({ retriable: true, message: 'accounts.getUser cannot be reached (ECONNREFUSED)' });
  });
});

describe('time', () => {
  const hanging = (_: Sent, signal: AbortSignal): Promise<Response> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    });

  it('HttpTimeoutError after the timeout of the policy, or of the call', async () => {
    const clock = new VirtualClock();
    const client = clientOf(hanging, { clock });
    const first = client.getUser({ id: '1' }).catch((error: unknown) => error);
    const second = client.getUser({ id: '1' }, { timeoutMs: 400 }).catch((error: unknown) => error);
    await clock.advance(999);
    expect(String(await second)).toContain('did not answer within 400 ms');
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await first).toBeInstanceOf(HttpTimeoutError);
    expect(clock.pending).toBe(0);
  });

  it('the timeout covers the body', async () => {
    const clock = new VirtualClock();
    const body = (signal: AbortSignal) =>
      new ReadableStream({
        start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)),
      });
    const answer = (_: Sent, signal: AbortSignal) =>
      new Response(body(signal), { headers: { 'content-type': 'application/json' } });
    const call = clientOf(answer, { clock })
      .getUser({ id: '1' })
      .catch((error: unknown) => error);
    await clock.advance(1000);
    expect(await call).toBeInstanceOf(HttpTimeoutError);
  });

  it('stops with the reason of the caller', async () => {
    const controller = new AbortController();
    const clock = new VirtualClock();
    const call = clientOf(hanging, { clock }).getUser({ id: '1' }, { signal: controller.signal });
    const reason = new Error('no longer needed');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
    await expect(clientOf(hanging, { clock }).getUser({ id: '1' }, { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('the address of a provider', () => {
  it('is given, else in the environment, else in the contract', () => {
    const servers = ['/relative', 'https://contract.example/v1/'];
    expect(addressOf('text-people', servers, {})).toBe('https://contract.example/v1');
    process.env.SEAMWRIGHT_URL_TEXT_PEOPLE = 'http://environment:81';
    try {
      expect(addressOf('text-people', servers, {})).toBe('http://environment:81');
      expect(addressOf('text-people', servers, { 'text-people': new URL('http://given/x/') })).toBe('http://given/x');
    } finally {
      delete process.env.SEAMWRIGHT_URL_TEXT_PEOPLE;
    }
  });

  it.each<[string, Record<string, string>]>([
    ['none', {}],
    ['no URL', { accounts: 'accounts' }],
    ['another protocol', { accounts: 'file:///etc/passwd' }],
  ])('is refused: %s', (_, urls) => {
    expect(() => addressOf('accounts', ['/only/a/path'], urls)).toThrow(UsageError);
  });

  it('is not looked for among inherited properties', () => {
    expect(() => addressOf('constructor', [], {})).toThrow('no address of "constructor" is known');
  });
});

describe('a call from within a handler', () => {
  const answering = { fetch: async () => Response.json({ name: 'Ada' }), urls: { users: 'http://users.example' } };

  it.each([
    ['is reported when its contract does not list it', undefined, 1],
    ['is reported when its contract lists another one', ['users.listUsers'], 1],
    ['is nobody’s business when its contract lists it', ['users.getUser'], 0],
  ] as const)('%s', async (_, calls, reports) => {
    const counted: string[] = [];
    const telemetry = {
      count: (name: string) => void counted.push(name),
      gauge() {},
      duration() {},
      snapshot: () => [],
    };
    const client = createClient<Client>(
      {
        caller: 'mail',
        provider: 'users',
        servers: [],
        calls: { getUser: { operation: getUser, nullOn: [], nested: false, policy: { timeoutMs: 100 } } },
      },
      { ...answering, telemetry },
    );
    const scope: Scope = {
      service: 'mail',
      consumer: 'mail.onHired',
      cause: { correlationId: 'c' },
      ...(calls !== undefined && { calls }),
    };
    await inScope(scope, () => client.getUser({ id: '1' }));
    expect(counted.filter((name) => name === 'seamwright.http.unlisted_calls')).toHaveLength(reports);
  });
});
