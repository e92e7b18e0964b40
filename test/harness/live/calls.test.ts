import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../../harness/history.js';
import { judgeLive } from '../../../harness/live/judge-live.js';
import type { LiveWorld } from '../../../harness/live/live-world.js';
import { performLive } from '../../../harness/live/perform-live.js';
import { runSettings } from '../../../harness/live/run-settings.js';
import { Stage } from '../../../harness/live/stage.js';
import { openStandIns } from '../../../harness/live/stand-ins.js';
import type { CallStep, PlannedFault } from '../../../harness/plan.js';
import { planFor, subjectIn } from '../http/play.js';

const undos: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) await undo();
  reply = { status: 404 };
});

const none = (): void => {};
const levers = {
  ...{ cut: none, restore: none, crash: none, join: none, replay: none },
  serviceOfQueue: () => 'sales',
};

type Handle = (
  request: IncomingMessage,
  body: string,
  ask: (init?: RequestInit) => Promise<Response>,
  /** Resolves when a request of its own has arrived. */
  arrived: () => Promise<void>,
) => Promise<number>;

/** A service in the place of sales, written by hand as in any language: each invoice asks common for its customer. */
async function sales(handle: Handle, faults: readonly PlannedFault[], more: Partial<CallStep> = {}) {
  const subject = await subjectIn('dhanman', 'sales');
  const environment = await openStandIns({ subject, seed: 1, stage: () => world.stage }, (undo) => undos.push(undo));
  const server = createServer((request, response) => void serve(request, response));
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.url === '/states') return void states(body, response);
    const headers = { 'x-correlation-id': String(request.headers['x-correlation-id']) };
    const customer = `${environment.SEAMWRIGHT_URL_COMMON}/api/customers/${JSON.parse(body).customerId}`;
    const arrived = (): Promise<void> => vi.waitFor(() => expect(world.stage?.calls.underWay).toBe(2));
    const status = await handle(request, body, (init) => fetch(customer, { headers, ...init }), arrived);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ id: crypto.randomUUID() }));
  }
  const url = await listening(server);
  const step: CallStep = {
    id: 'm1',
    at: 0,
    do: 'call',
    operation: 'sales.createInvoice',
    caller: 'frontend',
    value: 1,
  };
  const plan = planFor(subject, { steps: [{ ...step, ...more }], faults });
  const settings = runSettings('sales', { command: 'sales', probe: { provider_states: '/states' } });
  const world = { subject, settings, url, stage: undefined } as Partial<LiveWorld> as LiveWorld;
  const stage = new Stage(plan, subject, url, levers, false);
  world.stage = stage;
  await performLive(world, { ...step, ...more });
  const end = { copies: [], parked: [], outbox: 0, metrics: new Map() };
  const { happenings } = stage.witness;
  const run: Run = {
    ...{ plan, happenings, slackMs: 1_000, tookMs: 1, trace: '' },
    end: { services: new Map([['sales', end]]), queues: new Map(), deadLetters: [] },
  };
  return {
    happenings,
    broken: judgeLive(run, subject).map(({ invariant }) => invariant),
    calls: stage.calls,
  };
}

let asked: unknown;
let reply: { readonly status: number; readonly values?: object } = { status: 404 };

function states(body: string, response: ServerResponse): void {
  asked = JSON.parse(body);
  response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.values ?? {}));
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undos.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Tries so often, whatever comes back. */
const trying =
  (times: number): Handle =>
  async (_, __, ask) => {
    for (let attempt = 1; attempt <= times; attempt++) {
      const answer = await ask().catch(() => undefined);
      if (answer?.ok === true) return 201;
    }
    return 503;
  };

const trouble = (fault: string, more: object = {}): PlannedFault => ({
  ...{ fault, from: 'sales', to: 'common.getCustomer', step: 'm1' },
  ...more,
});

describe('calls of a service that runs somewhere', () => {
  it('are answered by their contract, and belong to the request that they were made for', async () => {
    const { happenings, broken, calls } = await sales(trying(1), []);
    expect(broken).toEqual([]);
    expect(calls.underWay).toBe(0);
    expect(happenings.map(({ kind, service, within }) => [kind, service, within])).toEqual([
      ['calling', 'frontend', undefined],
      ['calling', 'sales', 1],
      ['served', 'common', 1],
      ['called', 'sales', 1],
      ['served', 'sales', undefined],
      ['called', 'frontend', undefined],
      ['answered', 'frontend', undefined],
      ['did', 'frontend', undefined],
    ]);
  });

  it.each(['http-reset', 'http-status'])('are tried no more often than agreed while there is %s', async (fault) => {
    const more = fault === 'http-status' ? { status: 503 } : {};
    expect((await sales(trying(3), [trouble(fault, more)])).broken).toEqual([]);
    expect((await sales(trying(4), [trouble(fault, more)])).broken).toEqual(['retries-within-budget']);
  });

  it('wait as long as they are asked to', async () => {
    const busy = trouble('http-status', { status: 503, retryAfterS: 1, tries: 1 });
    expect((await sales(trying(2), [busy])).broken).toEqual(['retry-after-heeded']);
  });

  it('are carried out although their answer is lost', async () => {
    const { happenings } = await sales(trying(1), [trouble('http-lost-reply')]);
    const seen = happenings.filter(({ service }) => service !== 'frontend').map(({ kind }) => kind);
    expect(seen).toEqual(['calling', 'fault', 'served', 'called', 'served']);
    expect(happenings).toContainEqual(expect.objectContaining({ kind: 'called', error: expect.any(String) }));
  });

  it('are given up in time, which is seen by their connection', async () => {
    const hanging: Handle = async (_, __, ask) => {
      await ask({ signal: AbortSignal.timeout(50) }).catch(() => undefined);
      return 503;
    };
    const { happenings, calls } = await sales(hanging, [trouble('http-silence')]);
    await vi.waitFor(() => expect(calls.underWay).toBe(0));
    expect(happenings).toContainEqual(expect.objectContaining({ kind: 'called', error: 'the caller hung up' }));
  });

  it('that never end break a promise', async () => {
    const patient: Handle = async (_, __, ask, arrived) => {
      ask().catch(() => undefined);
      await arrived();
      return 503;
    };
    const { broken, calls } = await sales(patient, [trouble('http-silence')]);
    expect([broken, calls.underWay]).toEqual([['calls-have-deadlines'], 1]);
  });
});

describe('the state that a request needs', () => {
  it('is asked for as the Pact files call it, and decides what the request says', async () => {
    reply = { status: 200, values: { customerId: '6f1c2b52-0d0c-4b3c-8b6e-6a0f9d3e1a11', other: 1 } };
    let said = '';
    const { broken } = await sales(async (_, body) => {
      said = body;
      return 201;
    }, []);
    expect(broken).toEqual([]);
    expect(asked).toMatchObject({ consumer: 'frontend', state: 'createInvoice can be done', action: 'setup' });
    expect(asked).toHaveProperty('params.customerId');
    expect(JSON.parse(said)).toMatchObject({ customerId: '6f1c2b52-0d0c-4b3c-8b6e-6a0f9d3e1a11' });
    expect(JSON.parse(said)).not.toHaveProperty('other');
  });

  it('that cannot be reached fails the request', async () => {
    reply = { status: 500 };
    const { happenings } = await sales(trying(1), []);
    const error = 'Error: /states answers 500 to the state "createInvoice can be done"';
    expect(happenings).toEqual([expect.objectContaining({ kind: 'did', error })]);
    reply = { status: 404 };
    expect((await sales(trying(1), [])).broken).toEqual([]);
  });
});
