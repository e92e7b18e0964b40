import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { VirtualClock } from '../../harness/virtual-clock.js';
import type { Delivery } from '../../runtime/brokers/broker.js';
import { memoryBroker } from '../../runtime/brokers/memory.js';
import { defaultRetry, effect, replica } from '../../runtime/define.js';
import type { ServiceDefinition } from '../../runtime/definition.js';
import { UnavailableError, UsageError } from '../../runtime/errors.js';
import { silentLogger } from '../../runtime/log.js';
import { createService } from '../../runtime/service.js';
import { memoryStore } from '../../runtime/stores/memory.js';
import { aroundTransactions } from './world/around-store.js';
import { companyCopy, employeeCopy, events, onHired, outgoingWithoutOutbox, ownedCompany } from './world/contracts.js';
import { companyWire, deadLetters, hiredWire } from './world/messages.js';
import { startWorld, surveysQueue, type World } from './world/world.js';

const queue = {
  ...{ name: 'q', service: 's', bindings: [], deadLetter: 'q.dlq', maxDeliveries: 3, partitions: 1 },
};
const bare: ServiceDefinition = {
  ...{ system: 'test', service: 's', owned: {}, publishes: {}, copies: {}, effects: [] },
  topology: { exchanges: [{ name: events, kind: 'topic' }], queues: [queue] },
  queue: 'q',
};

describe('a definition that does not fit', () => {
  it.each<[string, ServiceDefinition, object]>([
    ['a handler is missing', { ...bare, effects: [onHired()] }, {}],
    ['a handler is no function', { ...bare, effects: [onHired()] }, { onHired: 'soon' }],
    ['it waits for what it neither owns nor copies', { ...bare, copies: { Employee: employeeCopy() } }, {}],
    ['two consumers share a name', { ...bare, copies: { A: companyCopy, B: companyCopy } }, {}],
    ['it consumes without a queue', { ...bare, queue: 'other', copies: { A: companyCopy } }, {}],
    ['an entity takes the name of a part of every transaction', { ...bare, owned: { query: ownedCompany } }, {}],
  ])('is refused: %s', (_, definition, handlers) => {
    expect(() => createService(definition, { handlers })).toThrow(UsageError);
  });

  it('is refused where it is written', () => {
    expect(() => effect({ ...onHired(), retry: { ...defaultRetry, attemptsMax: 0 } })).toThrow('attemptsMax');
    expect(() => effect({ ...onHired(), retry: { ...defaultRetry, maxMs: 1 } })).toThrow('ascending');
    expect(() => employeeCopy({ maxAgeMs: 1 })).toThrow('ends before its timeout');
    expect(() => replica({ ...companyCopy, batchSize: 0 })).toThrow('batchSize');
    expect(Object.isFrozen(replica({ ...companyCopy }))).toBe(true);
  });
});

describe('a service', () => {
  let world: World | undefined;
  afterEach(async () => {
    await world?.stop();
    world = undefined;
  });

  it('is used between start and stop', async () => {
    const clock = new VirtualClock();
    const service = createService(bare, { broker: memoryBroker({ clock }), store: memoryStore(), clock });
    await expect(service.settled()).rejects.toThrow('not started');
    await service.start();
    await expect(service.start()).rejects.toThrow('started already');
    await clock.run(service.stop());
    await clock.run(service.stop());
    await expect(service.transaction(async () => {})).rejects.toThrow('not started');
    expect(clock.pending).toBe(0);
  });

  it('can be used by the first message it takes', async () => {
    const clock = new VirtualClock();
    const broker = memoryBroker({ clock });
    await broker.declare(bare.topology);
    await broker.publish({ exchange: '', key: 'q' }, hiredWire('m1'));
    const subscribe = broker.subscribe.bind(broker);
    broker.subscribe = async (...given) => {
      const subscription = await subscribe(...given);
      // As over a network: messages come before the caller hears that they may.
      await clock.sleep(10);
      return subscription;
    };
    const read: unknown[] = [];
    const service = createService(
      { ...bare, copies: { Company: companyCopy }, owned: { Company: ownedCompany }, effects: [onHired()] },
      {
        ...{ broker, store: memoryStore(), clock },
        handlers: {
          onHired: async () => {
            read.push(await service.copies.Company?.get('c1').catch((error: unknown) => error));
          },
        },
      },
    );
    await clock.run(service.start());
    await clock.run(service.settled());
    await clock.run(service.stop());
    expect(read).toEqual([null]);
  });

  it('stops although a handler never ends, and leaves its message to the next start', async () => {
    const clock = new VirtualClock();
    const broker = memoryBroker({ clock });
    const log = { ...silentLogger, error: vi.fn() };
    const service = createService(
      { ...bare, effects: [onHired()] },
      {
        broker: broker.connect(),
        store: memoryStore(),
        clock,
        log,
        handlers: { onHired: () => new Promise(() => {}) },
      },
    );
    await service.start();
    await broker.publish({ exchange: '', key: 'q' }, hiredWire('m1'));
    await clock.advance(10);
    const startedAt = clock.now();
    await clock.run(service.stop());
    expect(clock.now() - startedAt).toBe(30_000);
    expect(log.error).toHaveBeenCalledOnce();
    expect(clock.pending).toBe(0);
  });

  it('runs on nothing but defaults', async () => {
    vi.stubEnv('SEAMWRIGHT_BROKER_URL', undefined);
    vi.stubEnv('SEAMWRIGHT_DATABASE_URL', undefined);
    const service = createService({ ...bare, copies: { Company: companyCopy } });
    await service.start();
    const [row] = await service.transaction((tx) => tx.query<{ one: number }>('select 1 as one'));
    expect(row).toEqual({ one: 1 });
    expect(await service.copies.Company?.get('c1')).toBeNull();
    await service.stop();
    vi.unstubAllEnvs();
  });

  it('enters no scope for a copy that is one statement', async () => {
    const clock = new VirtualClock();
    const [broker, store] = [memoryBroker({ clock }), memoryStore()];
    const service = createService({ ...bare, copies: { Company: companyCopy } }, { broker, store, clock });
    const enter = vi.spyOn(AsyncLocalStorage.prototype, 'run');
    await service.start();
    await broker.publish({ exchange: '', key: 'q' }, companyWire({ id: 'c1', name: 'Acme', sequence: 1 }));
    await clock.run(service.settled());
    expect(enter).not.toHaveBeenCalled();
    expect(await store.transaction((tx) => tx.replicaPresence(companyCopy.table, 'c1'))).toBe('live');
    await clock.run(service.stop());
    enter.mockRestore();
  });

  it('leaves nothing running when it cannot start', async () => {
    const clock = new VirtualClock();
    const broker = memoryBroker({ clock });
    await broker.declare({ exchanges: [{ name: events, kind: 'fanout' }], queues: [] });
    const service = createService(bare, { broker, store: memoryStore(), clock });
    await expect(service.start()).rejects.toThrow('fanout');
    expect(clock.pending).toBe(0);
  });

  it('empties its outbox before it ends, and goes on where it ended', async () => {
    world = await startWorld();
    const { accounts, broker, clock } = { ...world, clock: world };
    broker.cut();
    await clock.run(accounts.transaction((tx) => tx.Company.created({ id: 'c1', name: 'Acme' })));
    await clock.run(accounts.stop());
    expect(broker.messages('tap')).toHaveLength(0);
    broker.restore();
    await clock.run(accounts.start());
    await clock.run(accounts.settled());
    await clock.run(accounts.transaction((tx) => tx.Company.updated({ id: 'c1', name: 'New' })));
    await clock.run(accounts.stop());
    expect(broker.messages('tap')).toHaveLength(2);
    await clock.run(accounts.start());
  });

  it('gives up before the handler when a message was handed out too often', async () => {
    const buried: Readonly<Record<string, string>>[] = [];
    const handler = vi.fn();
    const clock = new VirtualClock();
    const broker = memoryBroker({ clock });
    let receive = async (_: Delivery): Promise<void> => {};
    broker.subscribe = async (_queue, _options, given) => {
      receive = given;
      return { pause() {}, resume() {}, async stop() {} };
    };
    const service = createService(
      { ...bare, effects: [onHired()] },
      { broker, store: memoryStore(), clock, handlers: { onHired: handler } },
    );
    await service.start();
    const delivery: Delivery = {
      ...{ message: hiredWire('m1'), queue: 'q', attempt: 4 },
      ack: async () => {},
      retry: async () => {},
      deadLetter: async (headers) => {
        buried.push(headers);
      },
    };
    await receive(delivery);
    expect(handler).not.toHaveBeenCalled();
    expect(buried).toMatchObject([{ 'sw-reason': 'delivery-limit' }]);
    await clock.run(service.stop());
  });

  it('publishes what has no outbox after the commit, and nothing after a rollback', async () => {
    const clock = new VirtualClock();
    const broker = memoryBroker({ clock });
    interface Tx {
      readonly publish: { Welcome(message: { readonly employeeId: string }): Promise<void> };
    }
    const service = createService<Tx>(
      {
        ...bare,
        publishes: { Welcome: outgoingWithoutOutbox },
        topology: { ...bare.topology, queues: [{ ...queue, bindings: [{ exchange: events, key: '#' }] }] },
      },
      { broker, store: memoryStore(), clock },
    );
    await service.start();
    const failing = service.transaction(async (tx) => {
      await tx.publish.Welcome({ employeeId: 'e1' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(broker.depth('q').ready).toBe(0);
    await service.transaction(async (tx) => {
      await tx.publish.Welcome({ employeeId: 'e2' });
      expect(broker.depth('q').ready).toBe(0);
    });
    expect(broker.depth('q').ready).toBe(1);
    broker.cut();
    await service.transaction((tx) => tx.publish.Welcome({ employeeId: 'e3' }));
    expect(service.metrics()).toContainEqual({
      name: 'seamwright.publish.lost',
      attributes: { destination: events },
      value: 1,
    });
    broker.restore();
    await clock.run(service.stop());
  });

  it('holds messages while its store is away, without using up their tries', async () => {
    let away = false;
    world = await startWorld({
      around: {
        store: (store) =>
          aroundTransactions(store, async (work) => {
            if (away) throw new UnavailableError('the store');
            return store.transaction(work);
          }),
      },
    });
    away = true;
    await world.broker.publish({ exchange: '', key: surveysQueue }, companyWire({ sequence: 1, name: 'Acme' }));
    await world.advance(600_000);
    away = false;
    await world.settle();
    expect(await world.run(world.surveys.copies.Company.get('c1'))).toEqual({ id: 'c1', name: 'Acme' });
    expect(deadLetters(world)).toEqual([]);
  });
});
