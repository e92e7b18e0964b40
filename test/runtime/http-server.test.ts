import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../runtime/errors.js';
import type { Listening } from '../../runtime/http/node-adapter.js';
import type { OperationDefinition } from '../../runtime/http/operation.js';
import { ProblemError } from '../../runtime/http/problem.js';
import { createServer } from '../../runtime/http/server.js';
import type { OperationHandler } from '../../runtime/http/server-context.js';
import type { ServerOptions } from '../../runtime/http/server-options.js';
import { currentScope } from '../../runtime/scope.js';
import type { ValidationError, Validator } from '../../runtime/validation.js';

function validator(check: (data: unknown) => readonly ValidationError[]): Validator<unknown> {
  const validate: Validator<unknown> = Object.assign((data: unknown): data is unknown => {
    const errors = check(data);
    validate.errors = errors.length === 0 ? null : errors;
    return errors.length === 0;
  }, {});
  return validate;
}

const broken = (instancePath: string, message: string): ValidationError => ({
  instancePath,
  schemaPath: '',
  keyword: 'type',
  params: {},
  message,
});

const operation = (given: Partial<OperationDefinition> & Pick<OperationDefinition, 'name'>): OperationDefinition => ({
  method: 'POST',
  path: `/${given.name}`,
  parameters: [],
  replies: [{ status: '200', content: [{ type: 'application/json', kind: 'json' }] }],
  security: [],
  ...given,
});

const operations = [
  operation({
    name: 'echo',
    body: {
      required: true,
      content: [
        {
          type: 'application/json',
          kind: 'json',
          validate: validator((data) => (data === 5 ? [broken('/a~1b/0', 'must be string')] : [])),
        },
      ],
    },
  }),
  operation({
    name: 'strict',
    body: {
      required: false,
      content: [{ type: 'application/json', kind: 'json', validate: validator(() => [broken('', 'is wrong')]) }],
    },
    replies: [
      { status: '204', content: [] },
      { status: '422', content: [] },
    ],
  }),
  operation({
    name: 'find',
    method: 'GET',
    path: '/find/{id}',
    parameters: [
      { name: 'id', in: 'path', as: 'id', required: true, type: 'number' },
      { name: 'max-count', in: 'query', as: 'max-count', required: false, type: 'number' },
      { name: 'X-Tenant', in: 'header', as: 'xTenant', required: true, type: 'string' },
    ],
    validateParameters: validator((data) =>
      typeof (data as { path: { id: unknown } }).path.id === 'number' ? [] : [broken('/path/id', 'must be number')],
    ),
  }),
  operation({ name: 'secret', method: 'GET', security: ['token'] }),
  operation({ name: 'fail', method: 'GET' }),
  operation({
    name: 'choose',
    body: {
      required: true,
      content: [
        { type: 'application/json', kind: 'json' },
        { type: 'application/x-www-form-urlencoded', kind: 'form', fields: { n: 'number', tags: { list: 'string' } } },
        { type: 'multipart/form-data', kind: 'multipart' },
      ],
    },
    replies: [{ status: '2XX', content: [{ type: 'text/plain', kind: 'text' }] }],
  }),
];

const open: Listening[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function serve(handlers: Record<string, OperationHandler>, options: ServerOptions = {}): Promise<string> {
  const server = createServer({ service: 'demo', basePath: '/v1', operations }, handlers, {
    authenticate: 'none',
    ...options,
  });
  const listening = await server.listen();
  open.push(listening);
  return listening.url;
}

const echo: OperationHandler = ({ body }) => ({ status: 200, body });
const post = (body: BodyInit, type = 'application/json') => ({
  method: 'POST',
  body,
  headers: { 'content-type': type },
});
type BodyInit = NonNullable<RequestInit['body']>;

async function problem(response: Response): Promise<unknown> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return response.json();
}

describe('requests that never reach a handler', () => {
  it('404, 405 with the methods there are, 400 for a malformed path', async () => {
    const url = await serve({ echo });
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    expect((await fetch(url.replace('/v1', '/echo'), post('1'))).status).toBe(404);
    const wrong = await fetch(`${url}/echo`);
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
    expect((await fetch(`${url}/find/%E0%A4%A`)).status).toBe(400);
  });

  it('415 for another media type, with what is accepted', async () => {
    const response = await fetch(`${await serve({ echo })}/echo`, post('a: 1', 'application/yaml'));
    expect(response.status).toBe(415);
    expect(response.headers.get('accept')).toBe('application/json');
  });

  it.each(['', '{"a":', '\ufffd\u0000'])('400 for a body that is no JSON: %j', async (body) => {
    expect((await fetch(`${await serve({ echo })}/echo`, post(body))).status).toBe(400);
  });

  it('400 with pointers for a body that breaks its schema, 422 where the contract knows that', async () => {
    const url = await serve({ echo });
    const response = await fetch(`${url}/echo`, post('5'));
    expect(response.status).toBe(400);
    expect(await problem(response)).toMatchObject({
      title: 'The body breaks its contract',
      errors: [{ in: 'body', pointer: '#/a~1b/0', detail: 'must be string' }],
    });
    expect((await fetch(`${url}/strict`, post('1'))).status).toBe(422);
  });

  it('400 that names the parameter as it is called on the wire', async () => {
    const url = await serve({});
    const missing = await fetch(`${url}/find/1`);
    expect(await problem(missing)).toMatchObject({
      status: 400,
      errors: [{ in: 'header', name: 'X-Tenant', detail: 'is missing' }],
    });
    const wrong = await fetch(`${url}/find/one`, { headers: { 'x-tenant': 't' } });
    expect(await problem(wrong)).toMatchObject({
      errors: [{ in: 'path', name: 'id', pointer: '#', detail: 'must be number' }],
    });
  });

  it('413 by the announced length, and by the bytes that come', async () => {
    const url = await serve({ echo }, { bodyMaxBytes: 10 });
    expect((await fetch(`${url}/echo`, post(JSON.stringify('x'.repeat(8))))).status).toBe(200);
    expect((await fetch(`${url}/echo`, post(JSON.stringify('x'.repeat(9))))).status).toBe(413);
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('1'.repeat(65_536))),
    });
    const init = { ...post(endless), duplex: 'half' } as RequestInit;
    expect((await fetch(`${url}/echo`, init)).status).toBe(413);
  });
});

describe('who may call', () => {
  it('has to be said where the contract secures an operation', () => {
    expect(() => createServer({ service: 'demo', basePath: '', operations }, {})).toThrow(UsageError);
    expect(() => createServer({ service: 'demo', basePath: '', operations: operations.slice(0, 2) }, {})).not.toThrow();
  });

  it('401 without credentials, 403 when authenticate says so, the caller to the handler', async () => {
    const url = await serve(
      {
        secret: ({ caller }) => ({ status: 200, body: caller }),
        fail: ({ caller }) => ({ status: 200, body: caller === undefined }),
      },
      {
        authenticate: ({ headers, schemes, operation: name }) => {
          const token = headers.get('authorization');
          if (token === 'guest') throw new ProblemError(403);
          return token === null ? null : { token, schemes, name };
        },
      },
    );
    const get = (token?: string) =>
      fetch(`${url}/secret`, token === undefined ? {} : { headers: { authorization: token } });
    expect((await get()).status).toBe(401);
    expect((await get('guest')).status).toBe(403);
    expect(await (await get('ada')).json()).toEqual({ token: 'ada', schemes: ['token'], name: 'secret' });
    expect(await (await fetch(`${url}/fail`)).json()).toBe(true);
  });
});

describe('handlers', () => {
  it('get typed parameters', async () => {
    const url = await serve({ find: ({ path, query, headers }) => ({ status: 200, body: { path, query, headers } }) });
    const response = await fetch(`${url}/find/7?max-count=2&other=1`, { headers: { 'X-TENANT': 'a' } });
    expect(await response.json()).toEqual({ path: { id: 7 }, query: { 'max-count': 2 }, headers: { xTenant: 'a' } });
  });

  it('get the body of each media type', async () => {
    const url = await serve({
      choose: ({ content }) => {
        const { contentType, value } = content as { contentType: string; value: unknown };
        const body = value instanceof FormData ? String(value.get('n')) : JSON.stringify(value);
        return { status: 201, body: `${contentType} ${body}` };
      },
    });
    const send = async (init: RequestInit) => (await fetch(`${url}/choose`, init)).text();
    expect(await send(post('{"n":1}'))).toBe('application/json {"n":1}');
    expect(await send(post('n=1&tags=a&tags=b&x=1', 'application/x-www-form-urlencoded'))).toBe(
      'application/x-www-form-urlencoded {"n":1,"tags":["a","b"]}',
    );
    const form = new FormData();
    form.set('n', 'part');
    expect(await send({ method: 'POST', body: form })).toBe('multipart/form-data part');
  });

  it('run in the scope of the correlation id, which is echoed', async () => {
    const url = await serve({ fail: () => ({ status: 200, body: currentScope() }) });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const response = await fetch(`${url}/fail`, { headers: { 'x-correlation-id': 'c-1', traceparent } });
    expect(await response.json()).toEqual({ service: 'demo', cause: { correlationId: 'c-1', traceparent } });
    expect(response.headers.get('x-correlation-id')).toBe('c-1');
  });

  it.each(['with space', 'x'.repeat(129), 'ü'])(
    'do not get a correlation id that could forge log lines: %s',
    async (given) => {
      const url = await serve({ fail: ({ correlationId }) => ({ status: 200, body: correlationId }) });
      const response = await fetch(`${url}/fail`, { headers: { 'x-correlation-id': given } });
      expect(await response.json()).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('that fail are answered with 500 and without the message, which is logged', async () => {
    const logged: unknown[] = [];
    const silent = () => {};
    const url = await serve(
      {
        fail: () => {
          throw new Error('password is hunter2');
        },
      },
      { log: { debug: silent, info: silent, warn: silent, error: (facts) => logged.push(facts) } },
    );
    const response = await fetch(`${url}/fail`);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('hunter2');
    expect(logged).toMatchObject([{ operation: 'fail', error: { message: 'password is hunter2' } }]);
    expect((await fetch(`${url}/secret`)).status, 'a missing handler').toBe(500);
  });

  it('may answer with a problem, but not with what the contract does not document', async () => {
    const url = await serve({
      fail: () => {
        throw new ProblemError(409, { detail: 'already paid' }, { 'retry-after': '1' });
      },
      secret: () => ({ status: 302, headers: { location: 'http://elsewhere' } }),
    });
    const response = await fetch(`${url}/fail`);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await problem(response)).toMatchObject({ title: 'Conflict', status: 409, detail: 'already paid' });
    expect((await fetch(`${url}/secret`, { redirect: 'manual' })).status).toBe(500);
  });

  it('answer HEAD as GET, without the body', async () => {
    const response = await fetch(`${await serve({ fail: () => ({ status: 200, body: 1 }) })}/fail`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('');
  });

  it('learn when the connection breaks', async () => {
    let aborted: (reason: unknown) => void = () => {};
    const gone = new Promise((resolve) => {
      aborted = resolve;
    });
    const url = new URL(
      await serve({
        fail: async ({ signal }) => {
          socket.destroy();
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          aborted(signal.reason);
          return { status: 200, body: 1 };
        },
      }),
    );
    const socket = connect(Number(url.port), url.hostname, () =>
      socket.write(`GET ${url.pathname}/fail HTTP/1.1\r\nHost: x\r\n\r\n`),
    );
    expect(await gone).toBeDefined();
  });
});

describe('health', () => {
  it('is up, and ready when told so', async () => {
    let ready = false;
    const { origin } = new URL(await serve({}, { ready: () => ready }));
    expect((await fetch(`${origin}/health`)).status).toBe(200);
    expect((await fetch(`${origin}/ready`)).status).toBe(503);
    ready = true;
    expect((await fetch(`${origin}/ready`)).status).toBe(200);
  });
});

describe('closing', () => {
  it('waits for the requests at hand', async () => {
    let release: () => void = () => {};
    const started = new Promise<void>((began) => {
      void serve({
        fail: async () => {
          began();
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          return { status: 200, body: 'done' };
        },
      }).then((url) => {
        answer = fetch(`${url}/fail`);
      });
    });
    let answer: Promise<Response> | undefined;
    await started;
    const closed = open.splice(0)[0]?.close();
    release();
    expect(await (await answer)?.json()).toBe('done');
    await closed;
  });
});
