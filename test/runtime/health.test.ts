import { afterEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../harness/live/servers/server.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { UsageError } from '../../runtime/errors.js';
import type { Health } from '../../runtime/health.js';
import { createServer } from '../../runtime/http/server.js';
import { probe, type Readiness, serveProbes } from '../../runtime/probes.js';
import { createService } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import type { Store } from '../../runtime/stores/store.js';
import { onHired } from './world/contracts.js';
import { deadLetters, deliver, employeeWire, hiredWire, metric } from './world/messages.js';
import { startWorld, surveysQueue, type World } from './world/world.js';

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const statusOf = (health: Health, name: string): string | undefined =>
  health.checks.find((check) => check.name === name)?.status;

/** A store whose database can be taken away. */
function fragile(): { readonly store: Store; away: 'no' | 'rejects' | 'hangs' } {
  const inner = memoryStore();
  const self: { store: Store; away: 'no' | 'rejects' | 'hangs' } = {
    away: 'no',
    store: {
      kind: inner.kind,
      prepare: (tables) => inner.prepare(tables),
      close: () => inner.close(),
      transaction: (work) => {
        if (self.away === 'rejects') return Promise.reject(new Error('postgres://me:secret@db is away'));
        return self.away === 'hangs' ? new Promise(() => {}) : inner.transaction(work);
      },
    },
  };
  return self;
}

describe('health of a service', () => {
  it('is up with everything there, and down before the start and after the stop', async () => {
    world = await startWorld();
    const { surveys, run } = world;
    expect(await run(surveys.health())).toEqual({
      service: 'surveys',
      status: 'up',
      checks: ['store', 'broker', 'outbox', 'parked', 'dead-letters'].map((name) => ({ name, status: 'ok' })),
    });
    await run(surveys.stop());
    expect(await surveys.health()).toEqual({ service: 'surveys', status: 'down', checks: [] });
  });

  it.each(['rejects', 'hangs'] as const)('is down when the store %s, and answers all the same', async (away) => {
    const database = fragile();
    world = await startWorld({ surveys: { store: database.store } });
    const { surveys, run } = world;
    database.away = away;
    const health = await run(surveys.health());
    expect([health.status, statusOf(health, 'store'), statusOf(health, 'outbox')]).toEqual([
      'down',
      'failing',
      'unknown',
    ]);
    expect(JSON.stringify(health)).not.toContain('secret');
    database.away = 'no';
    expect((await run(surveys.health())).status).toBe('up');
  });

  it('is down while the broker is not connected', async () => {
    world = await startWorld();
    const { broker, surveys, run } = world;
    broker.cut();
    const health = await run(surveys.health());
    expect([health.status, statusOf(health, 'broker')]).toEqual(['down', 'failing']);
    broker.restore();
    expect((await run(surveys.health())).status).toBe('up');
  });

  it('asks a broker that does not tell by itself', async () => {
    const broker = memoryBroker();
    const mute = new Proxy(broker, {
      get: (_, name) => {
        const value: unknown = name === 'connected' ? undefined : Reflect.get(broker, name, broker);
        return typeof value === 'function' ? value.bind(broker) : value;
      },
    });
    world = await startWorld({ around: { broker: () => mute } });
    // The queues are on the broker of the world, not on this one: what counts is whether it answers.
    const { surveys, run } = world;
    expect(statusOf(await run(surveys.health()), 'broker')).toBe('ok');
    broker.cut();
    expect(statusOf(await run(surveys.health()), 'broker')).toBe('failing');
    broker.restore();
  });

  it('is degraded while messages cannot leave for longer than a minute', async () => {
    world = await startWorld();
    const { broker, people, run } = world;
    broker.cut();
    await run(people.transaction((tx) => tx.publish.Hired({ employeeId: 'e1' })));
    await world.advance(61_000);
    const health = await run(people.health());
    expect(statusOf(health, 'outbox')).toBe('failing');
    broker.restore();
    await world.advance(61_000);
    expect((await run(people.health())).status).toBe('up');
  });

  it('is degraded while too many messages are parked', async () => {
    world = await startWorld({ surveys: { maxParked: 2 } });
    const { surveys, run } = world;
    await deliver(world, employeeWire({ id: 'e1', at: 1 }));
    await world.settle();
    expect((await run(surveys.health())).status).toBe('up');
    await deliver(world, employeeWire({ id: 'e2', at: 2 }));
    await world.settle();
    const health = await run(surveys.health());
    expect([health.status, statusOf(health, 'parked')]).toEqual(['degraded', 'failing']);
    await world.advance(20_000);
    expect(metric(world, 'seamwright.parked.oldest_age', { consumer: 'surveys.SyncedEmployee' })).toBeGreaterThan(10);
  });
});

describe('dead letters that wait for too long', () => {
  const rejected = async (): Promise<World> => {
    world = await startWorld({
      effects: [onHired({ message: { ...onHired().message, alertAfterMs: 600_000 } })],
      handlers: {
        onHired: async () => {
          throw new Error('no');
        },
      },
    });
    await deliver(world, hiredWire('m1'));
    await world.settle();
    expect(deadLetters(world)).toHaveLength(1);
    return world;
  };
  const alerts = ({ lines }: World) =>
    lines.filter(({ level, message }) => level === 'error' && message.includes('longer than its contract allows'));

  it('are an error once, a number and a degraded health, until they are gone', async () => {
    const here = await rejected();
    const { surveys, run, broker } = here;
    await here.advance(500_000);
    expect([alerts(here).length, metric(here, 'seamwright.dlq.overdue')]).toEqual([0, 0]);
    expect((await run(surveys.health())).status).toBe('up');
    await here.advance(170_000);
    expect(metric(here, 'seamwright.dlq.overdue', { message: 'Hired' })).toBe(1);
    expect((await run(surveys.health())).status).toBe('degraded');
    await here.advance(600_000);
    expect(alerts(here)).toEqual([
      expect.objectContaining({
        facts: expect.objectContaining({ messageId: 'm1', correlationId: 'flow-1', reason: 'attempts-exhausted' }),
      }),
    ]);
    const queue = { ...{ name: surveysQueue, service: 'surveys', bindings: [], deadLetter: `${surveysQueue}.dlq` } };
    await run(broker.admin.sweepDeadLetters({ ...queue, maxDeliveries: 1, partitions: 1 }, async () => 'remove'));
    await here.advance(61_000);
    expect(metric(here, 'seamwright.dlq.overdue')).toBe(0);
    expect((await run(surveys.health())).status).toBe('up');
  });

  it('are nobody’s business when the contract names no time', async () => {
    world = await startWorld({
      effects: [onHired()],
      handlers: { onHired: async () => Promise.reject(new Error('no')) },
    });
    await deliver(world, hiredWire('m1'));
    await world.settle();
    await world.advance(3_600_000);
    expect(alerts(world)).toEqual([]);
  });
});

describe('probes', () => {
  const health = (status: Health['status']): Health => ({ service: 's', status, checks: [] });

  const cases: readonly (readonly [string, Readiness | undefined, number])[] = [
    ['/health', () => false, 200],
    ['/ready', undefined, 200],
    ['/ready', () => true, 200],
    ['/ready', async () => false, 503],
    ['/ready', () => health('up'), 200],
    ['/ready', async () => health('degraded'), 200],
    ['/ready', async () => health('down'), 503],
    ['/ready', () => Promise.reject(new Error('no')), 503],
  ];
  it.each(cases)('%s of %s is answered', async (path, ready, status) => {
    expect((await probe(path, ready))?.status).toBe(status);
  });

  it('leave other paths alone, and those that a contract has', async () => {
    expect(await probe('/', undefined)).toBeUndefined();
    const operation = {
      ...{ name: 'getReady', method: 'GET', path: '/ready', parameters: [], security: [] },
      replies: [{ status: '200', content: [{ type: 'application/json', kind: 'json' as const }] }],
    };
    const server = createServer(
      { service: 's', basePath: '', operations: [operation] },
      { getReady: () => ({ status: 200, body: { own: true } }) },
      { ready: () => false },
    );
    const response = await server.fetch(new Request('http://s.example/ready'));
    expect([response.status, await response.json()]).toEqual([200, { own: true }]);
  });

  it('of a service are answered by its server', async () => {
    world = await startWorld();
    const { surveys, broker } = world;
    const server = createServer({ service: 'surveys', basePath: '', operations: [] }, {}, { ready: surveys.health });
    const ask = async (path: string): Promise<number> =>
      (await server.fetch(new Request(`http://s.example${path}`))).status;
    expect([await ask('/health'), await ask('/ready'), await ask('/other')]).toEqual([200, 200, 404]);
    broker.cut();
    expect([await ask('/health'), await ask('/ready')]).toEqual([200, 503]);
    broker.restore();
  });

  it('have a listener of their own on SEAMWRIGHT_HEALTH_PORT', async () => {
    const listening = await serveProbes(() => health('down'), { SEAMWRIGHT_HEALTH_PORT: '0' });
    try {
      const ask = async (path: string): Promise<number> => (await fetch(`${listening?.url}${path}`)).status;
      expect([await ask('/health'), await ask('/ready'), await ask('/x')]).toEqual([200, 503, 404]);
      await expect(serveProbes(() => true, { SEAMWRIGHT_HEALTH_PORT: String(listening?.port) })).rejects.toThrow(
        /SEAMWRIGHT_HEALTH_PORT: port \d+ cannot be had \(EADDRINUSE\)/,
      );
    } finally {
      await listening?.close();
    }
    expect(await serveProbes(() => true, {})).toBeUndefined();
    await expect(serveProbes(() => true, { SEAMWRIGHT_HEALTH_PORT: 'abc' })).rejects.toThrow(UsageError);
  });

  it('are served while the service runs, and no longer', async () => {
    const port = await freePort();
    const service = createService(
      {
        ...{ system: 's', service: 'alone', owned: {}, publishes: {}, copies: {}, effects: [] },
        topology: { exchanges: [], queues: [] },
      },
      { broker: memoryBroker(), store: memoryStore() },
    );
    vi.stubEnv('SEAMWRIGHT_HEALTH_PORT', String(port));
    try {
      await service.start();
    } finally {
      vi.unstubAllEnvs();
    }
    const response = await fetch(`http://127.0.0.1:${port}/ready`);
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ service: 'alone' })]);
    await service.stop();
    await expect(fetch(`http://127.0.0.1:${port}/ready`)).rejects.toThrow();
  });
});
