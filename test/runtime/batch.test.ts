import { afterEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../runtime/errors.js';
import type { ReplicaWrite, Store } from '../../runtime/stores/store.js';
import { aroundTransactions } from './world/around-store.js';
import { companyWire, deadLetters, deliver, employeeWire, metric } from './world/messages.js';
import { startWorld, type World, type WorldOptions } from './world/world.js';

describe('a copy that takes its messages in batches', () => {
  let world: World;
  let batches: (readonly ReplicaWrite[])[];

  afterEach(() => world.stop());

  it('writes many messages with few statements, the newest of each entity only', async () => {
    await start();
    const rounds = Array.from({ length: 10 }, (_, round) => round + 1);
    const entities = Array.from({ length: 30 }, (_, index) => `c${index}`);
    await deliver(world, ...entities.flatMap((id) => rounds.map((sequence) => companyWire({ id, sequence }))));
    await world.settle();
    expect(batches.length).toBeLessThan(15);
    expect(batches.every((rows) => new Set(rows.map(({ id }) => id)).size === rows.length)).toBe(true);
    for (const id of entities) expect(await nameOf(id)).toBe('company 10');
    expect(metric(world, 'messaging.client.consumed.messages')).toBe(300);
    const decisions = { consumer: 'surveys.Company' };
    const applied = metric(world, 'seamwright.guard.decisions', { ...decisions, outcome: 'applied' });
    const stale = metric(world, 'seamwright.guard.decisions', { ...decisions, outcome: 'stale' });
    expect(applied + stale).toBe(300);
    expect(stale).toBeGreaterThan(200);
  });

  it('takes one message at once when no other is there', async () => {
    await start();
    await deliver(world, companyWire({ sequence: 1 }));
    await world.advance(1);
    expect(batches.length).toBe(1);
    expect(await nameOf('c1')).toBe('company 1');
  });

  it('sends two writers of one version to the dead letters, and nobody else', async () => {
    await start();
    await deliver(
      world,
      companyWire({ id: 'a', sequence: 1 }),
      companyWire({ id: 'b', sequence: 1 }),
      companyWire({ id: 'b', sequence: 1, name: 'another' }),
      companyWire({ id: 'b', sequence: 1 }),
      companyWire({ id: 'c', sequence: 1 }),
    );
    await world.settle();
    expect(deadLetters(world).map(({ headers }) => headers['sw-reason'])).toEqual(['conflict']);
    expect([await nameOf('a'), await nameOf('b'), await nameOf('c')]).toEqual(['company 1', 'company 1', 'company 1']);
  });

  it('takes the messages of a failing batch one by one, so that only the bad one fails', async () => {
    await start({}, (rows) => {
      if (rows.some(({ id }) => id === 'bad')) throw new Error('value too long');
    });
    await deliver(world, ...['a', 'bad', 'c', 'd'].map((id) => companyWire({ id, sequence: 1 })));
    await world.settle();
    expect([await nameOf('a'), await nameOf('c'), await nameOf('d')]).toEqual(['company 1', 'company 1', 'company 1']);
    expect(deadLetters(world).map(({ headers }) => [headers['ce-id'], headers['sw-reason']])).toEqual([
      ['bad-1', 'attempts-exhausted'],
    ]);
  });

  it('holds a batch while the store is away, without using up its tries', async () => {
    let away = true;
    await start({}, () => {
      if (away) throw new UnavailableError('the store');
    });
    await deliver(world, companyWire({ id: 'a', sequence: 1 }), companyWire({ id: 'b', sequence: 1 }));
    await world.advance(600_000);
    expect(batches).toEqual([]);
    away = false;
    await world.settle();
    expect([await nameOf('a'), await nameOf('b')]).toEqual(['company 1', 'company 1']);
    expect(deadLetters(world)).toEqual([]);
  });

  it('parks what waits and writes the rest of the batch', async () => {
    await start();
    await deliver(
      world,
      companyWire({ id: 'here', sequence: 1 }),
      employeeWire({ id: 'e1', at: 1, companyId: 'late' }),
      employeeWire({ id: 'e2', at: 1, companyId: 'here' }),
      employeeWire({ id: 'e3', at: 1, companyId: 'here' }),
    );
    await world.settle();
    expect([await employee('e1'), await employee('e2'), await employee('e3')]).toEqual([null, 'name 1', 'name 1']);
    await deliver(world, companyWire({ id: 'late', sequence: 1 }));
    await world.settle();
    expect(await employee('e1')).toBe('name 1');
  });

  it('an older state whose company is there is not dropped for a newer one that still waits', async () => {
    await start();
    await deliver(world, companyWire({ id: 'here', sequence: 1 }));
    await world.settle();
    await deliver(
      world,
      employeeWire({ id: 'e1', at: 1, companyId: 'here' }),
      employeeWire({ id: 'e1', at: 2, companyId: 'late' }),
    );
    await world.settle();
    expect(await employee('e1')).toBe('name 1');
  });

  it('counts no gap for a predecessor in the same batch, and one for a predecessor that nobody saw', async () => {
    await start();
    await deliver(
      world,
      companyWire({ id: 'whole', sequence: 1, previous: 0 }),
      companyWire({ id: 'whole', sequence: 2, previous: 1 }),
      companyWire({ id: 'whole', sequence: 3, previous: 2 }),
      companyWire({ id: 'torn', sequence: 1, previous: 0 }),
      companyWire({ id: 'torn', sequence: 3, previous: 2 }),
    );
    await world.settle();
    expect(metric(world, 'seamwright.guard.decisions', { outcome: 'gap' })).toBe(1);
    expect([await nameOf('whole'), await nameOf('torn')]).toEqual(['company 3', 'company 3']);
  });

  it('acknowledges nothing before the commit', async () => {
    let broken = true;
    await start({}, async () => {
      if (!broken) return;
      // The process dies with the batch in its hands.
      world.broker.cut();
      await new Promise(() => {});
    });
    await deliver(world, companyWire({ id: 'a', sequence: 1 }), companyWire({ id: 'b', sequence: 1 }));
    await world.advance(10);
    broken = false;
    world.broker.restore();
    expect(world.broker.depth('surveys.events').ready).toBe(2);
  });

  /** `fails` sees each batch before it is written. */
  async function start(
    options: WorldOptions = {},
    fails: (rows: readonly ReplicaWrite[]) => void | Promise<void> = () => {},
  ): Promise<void> {
    batches = [];
    const watched = (store: Store): Store =>
      aroundTransactions(store, (work) =>
        store.transaction((tx) =>
          work({
            ...tx,
            async putReplica(table, id, row, incoming) {
              await fails([{ id, row, incoming }]);
              return tx.putReplica(table, id, row, incoming);
            },
            async putReplicas(table, rows) {
              await fails(rows);
              batches.push(rows);
              return tx.putReplicas(table, rows);
            },
          }),
        ),
      );
    world = await startWorld({ batchSize: 50, surveys: { prefetch: 100 }, around: { store: watched }, ...options });
  }

  async function nameOf(id: string): Promise<string | null> {
    return (await world.run(world.surveys.copies.Company.get(id)))?.name ?? null;
  }

  async function employee(id: string): Promise<string | null> {
    return (await world.run(world.surveys.copies.SyncedEmployee.get(id)))?.fullName ?? null;
  }
});
