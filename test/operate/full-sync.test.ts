import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../runtime/stores/memory.js';
import { pgliteStore } from '../../runtime/stores/pglite.js';
import type { Store } from '../../runtime/stores/store.js';
import { controlExchange, fullSyncRequest } from '../../runtime/sync/control.js';
import type { FetchPage } from '../../runtime/sync/full.js';
import { type FullRun, fullRunNote, readFullRun } from '../../runtime/sync/full-runs.js';
import { encode } from '../../runtime/wire.js';
import { employeeCopy } from '../runtime/world/contracts.js';
import { realTime, startWorld, type World, type WorldOptions } from '../runtime/world/world.js';

const person = { fullName: '', companyId: 'c1', isActive: true };

/** A world whose surveys can be asked to read all employees again. `pages` may bend what the owner answers. */
async function start(
  options: WorldOptions = {},
  bend: (fetchPage: FetchPage) => FetchPage = (fetchPage) => fetchPage,
): Promise<{ readonly world: World; readonly store: Store }> {
  let world: World | undefined;
  const stores = options.store ?? (() => memoryStore());
  const kept = new Map<string, Store>();
  const fetchPage: FetchPage = async (request) => {
    if (world === undefined) throw new Error('not started');
    return world.people.sync.snapshot('Employee', request);
  };
  world = await startWorld({
    ...options,
    store: (service) => {
      const store = stores(service);
      kept.set(service, store);
      return store;
    },
    employee: employeeCopy(null),
    batchSize: 3,
    surveys: { pages: { Employee: bend(fetchPage) }, ...options.surveys },
  });
  return { world, store: kept.get('surveys') as Store };
}

function ask(world: World, run: string): Promise<void> {
  const wire = encode({
    ...{ id: run, source: 'operator', type: fullSyncRequest.name, time: '2026-01-01T00:00:00Z', correlationid: run },
    data: { entity: 'Employee', run, from: 'operator', repair: false },
  });
  return world.broker.publish({ exchange: controlExchange('test'), key: 'surveys' }, wire);
}

async function ended(world: World, store: Store, run: string): Promise<FullRun> {
  for (let tries = 0; tries < 5_000; tries++) {
    const found = await world.run(store.transaction((tx) => tx.note(fullRunNote('Employee'))));
    const now = readFullRun(found);
    if (now?.run === run && now.state !== 'running') return now;
    await pass(world, 20);
  }
  throw new Error(`the run ${run} never ended`);
}

/** Lets a little time pass, virtual or real. */
async function pass(world: World, ms: number): Promise<void> {
  try {
    await world.advance(ms);
  } catch {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

/** Numbers in [0, 1) that depend on the seed alone. */
function chance(seed: number): () => number {
  let state = (seed + 1) * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return state / 4_294_967_296;
  };
}

/** Changes that surveys never hears of, then a full sync that races with changes that it does. Answers the ids that differ in the end. */
async function race(world: World, store: Store, seed: number, count: number): Promise<readonly string[]> {
  const next = chance(seed);
  const prefix = `r${String(seed).padStart(4, '0')}-`;
  const ids = Array.from({ length: count }, (_, index) => prefix + index);
  const change = (id: string, lost: boolean) =>
    world.people.transaction(async (tx) => {
      const options = { dismissEvents: lost };
      const known = (await tx.Employee.get(id)) !== null;
      if (known && next() < 0.4) await tx.Employee.deleted(id, options);
      else await tx.Employee.save({ ...person, id, fullName: `${id} ${Math.floor(next() * 1e6)}` }, options);
    });
  const any = () => ids[Math.floor(next() * ids.length)] as string;
  for (const id of ids) await world.run(world.people.transaction((tx) => tx.Employee.created({ ...person, id })));
  await world.settle();
  for (let lost = 0; lost < count; lost++) await world.run(change(any(), true));
  const live = async () => {
    for (let told = 0; told < count; told++) await change(any(), false);
  };
  await world.run(Promise.all([live(), ask(world, prefix), live()]));
  const run = await ended(world, store, prefix);
  expect(run).toMatchObject({ state: 'done', rejected: 0 });
  await world.settle();
  const diverged: string[] = [];
  for (const id of ids) {
    const there = await world.run(world.people.transaction((tx) => tx.Employee.get(id)));
    const here = await world.run(world.surveys.copies.SyncedEmployee.get(id));
    if ((there?.fullName ?? null) !== (here?.fullName ?? null)) diverged.push(id);
  }
  return diverged;
}

/** Late and doubled messages, by seed. */
function untidy(seed: number): WorldOptions {
  const next = chance(seed + 7_919);
  return { faults: { arrive: () => (next() < 0.2 ? [next() * 30, next() * 30] : [next() * 30]) } };
}

/** An owner whose list leaves its tombstones out. */
function withoutTombstones(fetchPage: FetchPage): FetchPage {
  return async (request) => {
    const page = await fetchPage(request);
    return { ...page, items: page.items.filter((item) => Reflect.get(item as object, 'op') !== 'deleted') };
  };
}

describe('a full sync that somebody asks for', () => {
  it('races with live changes: 200 runs in memory, none diverges', { timeout: 120_000 }, async () => {
    const diverged: string[] = [];
    for (let seed = 0; seed < 200; seed++) {
      const { world, store } = await start(untidy(seed));
      diverged.push(...(await race(world, store, seed, 8)));
      await world.stop();
    }
    expect(diverged).toEqual([]);
  });

  it('diverges when the owner leaves its tombstones out', { timeout: 60_000 }, async () => {
    const diverged: string[] = [];
    for (let seed = 0; seed < 100; seed++) {
      const { world, store } = await start(untidy(seed), withoutTombstones);
      diverged.push(...(await race(world, store, seed, 8)));
      await world.stop();
    }
    expect(diverged.length).toBeGreaterThan(3);
  });

  it('races with live changes: 25 runs on PGlite, none diverges', { timeout: 180_000 }, async () => {
    let from = '';
    const { world, store } = await start(
      { ...realTime, ...untidy(1), store: (service) => pgliteStore({ service: `full sync ${service}` }) },
      // Only this run's entities: the earlier ones are settled.
      (fetchPage) => (request) => fetchPage({ after: from, ...request }),
    );
    const diverged: string[] = [];
    for (let seed = 0; seed < 25; seed++) {
      from = `r${String(seed).padStart(4, '0')}-`;
      diverged.push(...(await race(world, store, seed, 3)));
    }
    await world.stop();
    expect(diverged).toEqual([]);
  });

  const twelve = async (world: World) => {
    for (let index = 0; index < 12; index++) {
      const employee = { ...person, id: `e${String(index).padStart(2, '0')}` };
      await world.run(world.people.transaction((tx) => tx.Employee.created(employee, { dismissEvents: true })));
    }
  };

  it('goes on behind its cursor in another process, and publishes nothing', async () => {
    const asked: (string | undefined)[] = [];
    let broken = true;
    const { world, store } = await start({}, (fetchPage) => async (request) => {
      asked.push(request.after);
      // The process dies here, as far as anybody can see: the answer never comes.
      if (broken && request.after === 'e05') return new Promise<never>(() => {});
      return fetchPage(request);
    });
    await twelve(world);
    await ask(world, 'first');
    while (!asked.includes('e05')) await pass(world, 5);
    broken = false;
    const sent = world.broker.messages('tap').length;
    await world.anotherSurveys();
    const run = await ended(world, store, 'first');
    expect(run).toMatchObject({ state: 'done', pages: 5, items: 12, applied: 12 });
    // Pages of three: the first two were read once, the third again by the new process.
    expect(asked).toEqual([undefined, 'e02', 'e05', 'e05', 'e08', 'e11']);
    expect(world.broker.messages('tap')).toHaveLength(sent);
    expect(run.checksum).toBe((await world.run(world.people.sync.checksum('Employee'))).checksum);
  });

  it('runs once at a time: a second wish joins, a later one runs anew', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let pages = 0;
    const { world, store } = await start({}, (fetchPage) => async (request) => {
      pages += 1;
      if (request.after === 'e02') await gate;
      return fetchPage(request);
    });
    await twelve(world);
    await ask(world, 'first');
    while (pages < 2) await pass(world, 5);
    await ask(world, 'second');
    await pass(world, 50);
    const during = readFullRun(await world.run(store.transaction((tx) => tx.note(fullRunNote('Employee')))));
    expect(during).toMatchObject({ run: 'first', state: 'running', pages: 1, items: 3, after: 'e02' });
    open();
    await ended(world, store, 'first');
    expect(pages).toBe(5);
    await ask(world, 'third');
    expect(await ended(world, store, 'third')).toMatchObject({ items: 12, duplicate: 12 });
    await world.stop();
  });

  it('does not begin a run again whose request comes a second time, however late', async () => {
    const { world, store } = await start();
    await twelve(world);
    for (const run of ['first', 'second']) {
      await ask(world, run);
      await ended(world, store, run);
    }
    await ask(world, 'first');
    await pass(world, 1_000);
    const now = readFullRun(await world.run(store.transaction((tx) => tx.note(fullRunNote('Employee')))));
    expect(now).toMatchObject({ run: 'second', state: 'done' });
    await world.stop();
  });

  it('tries a page again while its owner is away, and gives up with the reason', async () => {
    let away = 3;
    const { world, store } = await start({}, (fetchPage) => async (request) => {
      away -= 1;
      if (away >= 0) throw new Error('owner is away');
      return fetchPage(request);
    });
    await twelve(world);
    await ask(world, 'first');
    const done = await ended(world, store, 'first');
    expect(done).toMatchObject({ state: 'done', applied: 12 });
    expect(done).not.toHaveProperty('trouble');
    away = 1_000;
    await ask(world, 'second');
    expect(await ended(world, store, 'second')).toMatchObject({
      state: 'failed',
      trouble: 'Error: owner is away',
      tries: 8,
    });
    await world.stop();
  });

  it('says of an entity that it cannot list that it cannot', async () => {
    const { world, store } = await start({ surveys: { pages: {} } });
    await ask(world, 'first');
    expect(await ended(world, store, 'first')).toMatchObject({
      state: 'failed',
      trouble: 'surveys has no way to list Employee',
    });
    await world.stop();
  });
});
