import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RejectMessageError } from '../../runtime/errors.js';
import { createClient } from '../../runtime/http/client.js';
import type { OperationDefinition } from '../../runtime/http/operation.js';
import { createServer } from '../../runtime/http/server.js';
import { currentScope } from '../../runtime/scope.js';
import { activeTraceparent, inSpan, traceIdOf } from '../../runtime/tracing.js';
import { onHired } from './world/contracts.js';
import { companyWire, deliver, employeeWire, hiredWire, published } from './world/messages.js';
import { startWorld, surveysQueue, type World } from './world/world.js';

const operation = (name: string): OperationDefinition => ({
  name,
  method: 'POST',
  path: `/${name}/{id}`,
  parameters: [{ name: 'id', in: 'path', as: 'id', required: true, type: 'string' }],
  replies: [
    { status: '204', content: [] },
    { status: '404', content: [] },
  ],
  security: [],
});

interface Caller {
  hire(request: { readonly id: string }): Promise<unknown>;
  greet(request: { readonly id: string }): Promise<unknown>;
}

/** A client of a server in this process. */
function clientOf(fetch: (request: Request) => Promise<Response>, seen: (headers: Headers) => void = () => {}): Caller {
  const calls = Object.fromEntries(
    ['hire', 'greet'].map((name) => [
      name,
      { operation: operation(name), nullOn: [404], nested: false, policy: { timeoutMs: 1_000 } },
    ]),
  );
  return createClient<Caller>(
    { caller: 'frontend', provider: 'people', servers: ['http://people.example'], calls },
    {
      fetch: (url, init) => {
        seen(new Headers(init.headers));
        return fetch(new Request(url, init));
      },
    },
  );
}

const inbound = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

describe('without an SDK', () => {
  it('a trace goes from request to message to handler to call, as it came', async () => {
    const forwarded: (string | null)[] = [];
    const greeted = clientOf(
      async () => new Response(null, { status: 204 }),
      (headers) => forwarded.push(headers.get('traceparent')),
    );
    world = await startWorld({
      effects: [onHired({ transaction: 'none' })],
      handlers: { onHired: async () => void (await greeted.greet({ id: 'e1' })) },
    });
    const { people } = world;
    const server = createServer(
      { service: 'people', basePath: '', operations: [operation('hire')] },
      {
        hire: async () => {
          await people.transaction((tx) => tx.publish.Hired({ employeeId: 'e1' }));
          return { status: 204 };
        },
      },
    );
    await server.fetch(
      new Request('http://people.example/hire/e1', { method: 'POST', headers: { traceparent: inbound } }),
    );
    await world.settle();
    expect(published(world, 'Hired').map(({ traceparent }) => traceparent)).toEqual([inbound]);
    expect(forwarded).toEqual([inbound]);
  });

  it('no trace is made up', async () => {
    world = await startWorld();
    await world.run(world.people.transaction((tx) => tx.publish.Hired({ employeeId: 'e1' })));
    await world.settle();
    expect(published(world, 'Hired')[0]).not.toHaveProperty('traceparent');
    expect(activeTraceparent()).toBeUndefined();
  });
});

describe('with an SDK', () => {
  const exporter = new InMemorySpanExporter();
  const tracer = trace.getTracer('test');

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  });
  afterEach(() => exporter.reset());
  afterAll(() => {
    trace.disable();
    context.disable();
  });

  const spans = (): readonly ReadableSpan[] => exporter.getFinishedSpans();
  const named = (name: string): ReadableSpan => {
    const found = spans().filter((span) => span.name === name);
    expect(found, `${name} among ${spans().map((span) => span.name)}`).toHaveLength(1);
    return found[0] as ReadableSpan;
  };
  const parentOf = (span: ReadableSpan): string | undefined => span.parentSpanContext?.spanId;
  const idOf = (span: ReadableSpan): string => span.spanContext().spanId;

  it('call, request, transaction, message, handler and its call are one trace, each below the one before', async () => {
    const greeting = createServer(
      { service: 'greetings', basePath: '/api', operations: [operation('greet')] },
      { greet: () => ({ status: 404 }) },
    );
    const greeter = clientOf((request) =>
      greeting.fetch(new Request(request.url.replace('/greet', '/api/greet'), request)),
    );
    world = await startWorld({
      effects: [onHired({ transaction: 'none' })],
      handlers: { onHired: async () => void (await greeter.greet({ id: 'e1' })) },
    });
    const { people } = world;
    const server = createServer(
      { service: 'people', basePath: '', operations: [operation('hire')] },
      {
        hire: async () => {
          await people.transaction((tx) => tx.publish.Hired({ employeeId: 'e1' }), { correlationId: 'flow-7' });
          return { status: 204 };
        },
      },
    );
    const client = clientOf(server.fetch);
    await tracer.startActiveSpan('page', async (page) => {
      await client.hire({ id: 'e1' });
      page.end();
    });
    await world.settle();

    const chain = [
      named('page'),
      ...spans().filter(({ name, kind }) => name === 'POST /hire/{id}' && kind === SpanKind.CLIENT),
      ...spans().filter(({ name, kind }) => name === 'POST /hire/{id}' && kind === SpanKind.SERVER),
      named('send test.events'),
      named(`process ${surveysQueue}`),
      ...spans().filter(({ name, kind }) => name === 'POST /greet/{id}' && kind === SpanKind.CLIENT),
      ...spans().filter(({ name, kind }) => name === 'POST /api/greet/{id}' && kind === SpanKind.SERVER),
    ];
    expect(chain.map(({ kind }) => SpanKind[kind])).toEqual([
      'INTERNAL',
      'CLIENT',
      'SERVER',
      'PRODUCER',
      'CONSUMER',
      'CLIENT',
      'SERVER',
    ]);
    expect(chain.slice(1).map(parentOf)).toEqual(chain.slice(0, -1).map(idOf));
    expect(parentOf(named('publish test.events'))).toBe(idOf(named('send test.events')));
    expect(new Set(spans().map((span) => span.spanContext().traceId)).size).toBe(1);

    const [message] = published(world, 'Hired');
    expect(named('send test.events').attributes).toMatchObject({
      'messaging.system': 'memory',
      'messaging.destination.name': 'test.events',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'create',
      'messaging.message.id': message?.id,
      'messaging.message.conversation_id': 'flow-7',
    });
    expect(named(`process ${surveysQueue}`).attributes).toMatchObject({
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': surveysQueue,
      'messaging.consumer.group.name': 'surveys',
      'messaging.message.id': message?.id,
      'messaging.message.conversation_id': 'flow-7',
      'seamwright.consumer': 'surveys.onHired',
      'seamwright.outcome': 'applied',
    });
    // Documented as "there is none": no failure.
    expect(chain[5]?.attributes['http.response.status_code']).toBe(404);
    expect(chain[5]?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('the scope and the context of OpenTelemetry agree inside a handler', async () => {
    const seen: (string | undefined)[][] = [];
    world = await startWorld({
      effects: [onHired()],
      handlers: {
        onHired: async () => void seen.push([currentScope()?.cause.traceparent, activeTraceparent()]),
      },
    });
    await deliver(world, hiredWire('m1', 'e1', { traceparent: inbound }));
    await world.settle();
    expect(seen).toHaveLength(1);
    expect(seen[0]?.[0]).toBe(seen[0]?.[1]);
    expect(traceIdOf(seen[0]?.[0])).toBe(traceIdOf(inbound));
    expect(parentOf(named(`process ${surveysQueue}`))).toBe('b7ad6b7169203331');
  });

  it('a span that the user opens is the parent of what is sent inside it', async () => {
    world = await startWorld();
    const { people, run } = world;
    await tracer.startActiveSpan('import', async (span) => {
      await run(people.transaction((tx) => tx.publish.Hired({ employeeId: 'e1' })));
      span.end();
    });
    await world.settle();
    expect(parentOf(named('send test.events'))).toBe(idOf(named('import')));
  });

  it('a trace that the caller names wins over one that happens to be active', async () => {
    world = await startWorld();
    const { people, run } = world;
    await tracer.startActiveSpan('other', async (span) => {
      await run(people.transaction((tx) => tx.publish.Hired({ employeeId: 'e1' }), { traceparent: inbound }));
      span.end();
    });
    expect(named('send test.events').spanContext().traceId).toBe(traceIdOf(inbound));
  });

  it('a message without a trace begins its own, whatever is active where it is handed out', async () => {
    world = await startWorld({ effects: [onHired()], handlers: { onHired: async () => {} } });
    const here = world;
    await tracer.startActiveSpan('somebody else', async (span) => {
      await deliver(here, hiredWire('m1'));
      await here.settle();
      span.end();
    });
    expect(parentOf(named(`process ${surveysQueue}`))).toBeUndefined();
  });

  it('a released message is linked to the span in which it was parked', async () => {
    world = await startWorld();
    await deliver(world, employeeWire({ at: 1 }));
    await world.settle();
    const parked = named(`process ${surveysQueue}`);
    expect(parked.attributes['seamwright.outcome']).toBe('parked');
    exporter.reset();
    await deliver(world, companyWire({ sequence: 1 }));
    await world.settle();
    const released = spans().find((span) => span.attributes['seamwright.consumer'] === 'surveys.SyncedEmployee');
    expect(released?.attributes['seamwright.outcome']).toBe('applied');
    expect(released?.links.map(({ context: linked }) => linked.spanId)).toEqual([idOf(parked)]);
  });

  it('failures are told by their class, never by what they say', async () => {
    world = await startWorld({
      effects: [onHired()],
      handlers: {
        onHired: async () => {
          throw new RejectMessageError('ann@example.org is unknown');
        },
      },
    });
    await deliver(world, hiredWire('m1', 'ann@example.org'));
    await world.settle();
    const span = named(`process ${surveysQueue}`);
    expect(span.attributes).toMatchObject({ 'seamwright.outcome': 'dead', 'error.type': 'rejected' });
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
    const told = spans().map(({ name, attributes, status, events }) => ({ name, attributes, status, events }));
    expect(JSON.stringify(told)).not.toContain('ann@example.org');
  });

  it('a rejection ends the span as failed and goes on', async () => {
    await expect(
      inSpan({ name: 'work', kind: 'client', attributes: () => ({}) }, async () => {
        throw new TypeError('no');
      }),
    ).rejects.toThrow('no');
    expect(named('work').attributes['error.type']).toBe('TypeError');
  });

  it.each([
    '',
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    `${inbound}0`,
    inbound.toUpperCase(),
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  ])('a parent that cannot be read counts as none: "%s"', async (parent) => {
    await inSpan({ name: 'work', kind: 'consumer', parent, remote: true, attributes: () => ({}) }, async () => {});
    expect(parentOf(named('work'))).toBeUndefined();
  });

  it('what comes from elsewhere belongs to its sender, though a span of its trace or another one is active here', async () => {
    const far = { kind: 'consumer', remote: true, attributes: () => ({}) } as const;
    await inSpan({ ...far, name: 'here', parent: inbound }, async () => {
      await inSpan({ ...far, name: 'same trace', parent: inbound }, async () => {});
      await inSpan({ ...far, name: 'no trace' }, async () => {});
      await inSpan({ ...far, remote: false, name: 'near', parent: inbound }, async () => {});
    });
    expect(parentOf(named('same trace'))).toBe('b7ad6b7169203331');
    expect(parentOf(named('no trace'))).toBeUndefined();
    expect(parentOf(named('near'))).toBe(idOf(named('here')));
  });

  it('a parent of a later version is read as far as this one knows it', async () => {
    const later = `${inbound.replace(/^00/, '01')}-more`;
    await inSpan(
      { name: 'work', kind: 'consumer', parent: later, remote: true, attributes: () => ({}) },
      async () => {},
    );
    expect(parentOf(named('work'))).toBe('b7ad6b7169203331');
  });
});
