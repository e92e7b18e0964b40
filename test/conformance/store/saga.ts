import { expect } from 'vitest';
import type { SagaPlan } from '../../../runtime/saga/plan.js';
import { newRun, statusOf } from '../../../runtime/saga/run.js';
import type { SagaJournalEntry, SagaRecord } from '../../../runtime/stores/saga-rows.js';
import type { Store, Transaction } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';

function recordOf(id: string, change: Partial<SagaRecord> = {}): SagaRecord {
  const run = { ...newRun, state: 'do:first' };
  return {
    saga: 'pay',
    id,
    plan: 'v1',
    start: { input: { amount: 1 }, correlationId: 'c1' },
    run,
    status: statusOf(run.state),
    version: 1,
    startedAt: 1_000,
    updatedAt: 1_000,
    dueAt: 1_000,
    taken: false,
    ...change,
  };
}

const entry: Omit<SagaJournalEntry, 'version'> = { at: 1_000, event: 'started', effect: 'moved', state: 'do:first' };

export function sagaCases(test: Register, open: OpenStore): void {
  const begin = (store: Store, ...records: readonly SagaRecord[]) =>
    store.transaction(async (tx) => {
      const begun: boolean[] = [];
      for (const record of records) begun.push(await tx.sagas.begin(record, entry));
      return begun;
    });
  const find = (store: Store, id: string, saga = 'pay') => store.transaction((tx) => tx.sagas.find(saga, id));
  const moveTo = (tx: Transaction, record: SagaRecord, state: string, change: Partial<SagaRecord> = {}) => {
    const { dueAt: _, ...rest } = record;
    const run = { ...record.run, state };
    const moved = { ...rest, run, status: statusOf(state), updatedAt: 2_000, taken: false, ...change };
    return tx.sagas.move(moved, record.version, { at: 2_000, event: 'succeeded', effect: 'moved', state });
  };
  const take = (store: Store, nowMs: number, untilMs = nowMs + 100, limit = 10) =>
    store.transaction(async (tx) =>
      (await tx.sagas.takeDue({ nowMs, untilMs, limit })).map(({ id, abandoned }) => (abandoned ? `${id}!` : id)),
    );

  test('a run comes back as it was begun', async () => {
    const store = await open();
    const whole = recordOf('r1', {
      start: { input: { text: '\u0000 ü 😀 "\\' }, correlationId: 'c1', causationId: 'm1', traceparent: 't' },
      run: { ...newRun, state: 'do:first', marks: { first: 'begun' }, failure: { step: 'first', reason: 'ü' } },
      deadlineAt: 9_000.5,
    });
    const { dueAt: _, ...bare } = recordOf('r2');
    expect(await begin(store, whole, bare)).toEqual([true, true]);
    expect(await find(store, 'r1')).toEqual(whole);
    expect(await find(store, 'r2')).toEqual(bare);
    expect(await find(store, 'r3')).toBeNull();
    expect(await find(store, 'r1', 'other')).toBeNull();
  });

  test('an id begins one run of its saga, whoever comes first', async () => {
    const store = await open();
    const begun = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        begin(store, recordOf('r1', { start: { input: index, correlationId: 'c' } })),
      ),
    );
    expect(begun.filter(([one]) => one)).toHaveLength(1);
    const first = begun.findIndex(([one]) => one);
    expect((await find(store, 'r1'))?.start.input).toBe(first);
    expect(await begin(store, recordOf('r1', { saga: 'other' }))).toEqual([true]);
    expect(await store.transaction((tx) => tx.sagas.journal('pay', 'r1'))).toHaveLength(1);
  });

  test('a run that is rolled back was never begun', async () => {
    const store = await open();
    const failed = store.transaction(async (tx) => {
      expect(await tx.sagas.begin(recordOf('r1'), entry)).toBe(true);
      expect((await tx.sagas.find('pay', 'r1'))?.version).toBe(1);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await find(store, 'r1')).toBeNull();
    expect(await store.transaction((tx) => tx.sagas.journal('pay', 'r1'))).toEqual([]);
    expect(await begin(store, recordOf('r1'))).toEqual([true]);
  });

  test('a move writes the run with its journal, and the next version', async () => {
    const store = await open();
    const record = recordOf('r1');
    await begin(store, record, recordOf('r2'));
    expect(await store.transaction((tx) => moveTo(tx, record, 'do:second', { dueAt: 5_000 }))).toBe(true);
    const moved = await find(store, 'r1');
    expect(moved).toMatchObject({ version: 2, run: { state: 'do:second' }, updatedAt: 2_000, dueAt: 5_000 });
    await store.transaction(async (tx) => {
      const more = { step: 's', reason: 'because', by: 'm1' };
      const told = { at: 3_000, event: 'failed', effect: 'noted', state: 'do:second', ...more } as const;
      expect(await tx.sagas.move({ ...record, run: { ...record.run, state: 'do:second' } }, 2, told)).toBe(true);
      expect(await tx.sagas.journal('pay', 'r1')).toEqual([
        { ...entry, version: 1 },
        { version: 2, at: 2_000, event: 'succeeded', effect: 'moved', state: 'do:second' },
        { ...told, version: 3 },
      ]);
    });
    expect((await find(store, 'r2'))?.version).toBe(1);
  });

  test('a move by itself is the same move', async () => {
    const store = await open();
    const moveSaga = store.alone?.moveSaga;
    if (moveSaga === undefined) return;
    const record = recordOf('r1');
    await begin(store, record);
    const told = { at: 2_000, event: 'succeeded', effect: 'moved', state: 'do:second' } as const;
    const next = { ...record, run: { ...record.run, state: 'do:second' }, dueAt: 7_000, taken: true };
    expect(await Promise.all([moveSaga(next, 1, told), moveSaga(next, 1, told)]).then((done) => done.sort())).toEqual([
      false,
      true,
    ]);
    expect(await find(store, 'r1')).toMatchObject({
      version: 2,
      run: { state: 'do:second' },
      dueAt: 7_000,
      taken: true,
    });
    expect(await store.transaction((tx) => tx.sagas.journal('pay', 'r1'))).toHaveLength(2);
  });

  test('of two that move a run at once one does, and the other learns it', async () => {
    const store = await open();
    const record = recordOf('r1');
    await begin(store, record);
    const moves = ['do:a', 'do:b', 'do:c'].map((state) => store.transaction((tx) => moveTo(tx, record, state)));
    expect((await Promise.all(moves)).filter(Boolean)).toHaveLength(1);
    expect(await find(store, 'r1')).toMatchObject({ version: 2 });
    expect(await store.transaction((tx) => tx.sagas.journal('pay', 'r1'))).toHaveLength(2);
    expect(await store.transaction((tx) => moveTo(tx, recordOf('nobody'), 'do:a'))).toBe(false);
  });

  test('who finds a run under lock moves it, however many want to', async () => {
    const store = await open();
    await begin(store, recordOf('r1'));
    const moves = Array.from({ length: 5 }, () =>
      store.transaction(async (tx) => {
        const found = await tx.sagas.find('pay', 'r1', { lock: true });
        return found !== null && moveTo(tx, found, 'do:next');
      }),
    );
    expect(await Promise.all(moves)).toEqual([true, true, true, true, true]);
    expect((await find(store, 'r1'))?.version).toBe(6);
  });

  test('due runs are taken longest due first, each by one, until the time is over', async () => {
    const store = await open();
    const { dueAt: _, ...resting } = recordOf('resting');
    await begin(
      store,
      recordOf('r2', { dueAt: 200 }),
      recordOf('r1', { dueAt: 100 }),
      recordOf('r3', { dueAt: 300 }),
      recordOf('later', { dueAt: 10_000 }),
      resting,
    );
    expect(await take(store, 99)).toEqual([]);
    expect(await take(store, 300, 1_000, 1)).toEqual(['r1']);
    const both = await Promise.all([take(store, 300, 1_000), take(store, 300, 1_000)]);
    expect(both.flat().sort()).toEqual(['r2', 'r3']);
    expect(await take(store, 999)).toEqual([]);
    expect((await find(store, 'r1'))?.taken).toBe(true);
    // Whoever took them has died.
    expect((await take(store, 1_000, 2_000)).sort()).toEqual(['r1!', 'r2!', 'r3!']);
  });

  test('a move and a giving back end the taking', async () => {
    const store = await open();
    const [r1, r2] = [recordOf('r1', { dueAt: 100 }), recordOf('r2', { dueAt: 100 })];
    await begin(store, r1, r2);
    expect((await take(store, 100, 1_000)).sort()).toEqual(['r1', 'r2']);
    await store.transaction((tx) => moveTo(tx, r1, 'do:second', { dueAt: 150 }));
    await store.transaction((tx) => tx.sagas.giveBack(r2, 160));
    expect((await take(store, 200, 1_000)).sort()).toEqual(['r1', 'r2']);
    // It has moved since: whoever moved it knows better.
    await store.transaction((tx) => tx.sagas.giveBack(r1, 170));
    expect(await take(store, 999)).toEqual([]);
  });

  test('what is due or in work is counted, and what comes next is told', async () => {
    const store = await open();
    const busy = (nowMs: number) => store.transaction((tx) => tx.sagas.busy(nowMs));
    const next = () => store.transaction((tx) => tx.sagas.nextDueAt());
    const { dueAt: _, ...resting } = recordOf('resting');
    await begin(store, resting);
    expect([await busy(9_999), await next()]).toEqual([0, undefined]);
    await begin(store, recordOf('r1', { dueAt: 100 }), recordOf('r2', { dueAt: 200.5 }));
    expect([await busy(50), await next()]).toEqual([0, 100]);
    expect(await busy(150)).toBe(1);
    await take(store, 150, 5_000);
    expect([await busy(150), await next()]).toEqual([1, 200.5]);
  });

  test('runs are listed page by page, counted by status, and forgotten when they ended long ago', async () => {
    const store = await open();
    const ids = ['a', 'B', 'c', 'ä', 'd'];
    await begin(store, ...ids.map((id) => recordOf(id)), recordOf('x', { saga: 'other' }));
    await store.transaction(async (tx) => {
      await moveTo(tx, recordOf('a'), 'stuck:do:first');
      await moveTo(tx, recordOf('B'), 'completed');
      await moveTo(tx, recordOf('c'), 'compensated', { updatedAt: 3_000 });
      const idsOf = async (page: Parameters<typeof tx.sagas.list>[0]) =>
        (await tx.sagas.list(page)).map(({ saga, id }) => (saga === 'pay' ? id : `${saga} ${id}`));
      expect(await idsOf({ limit: 9 })).toEqual(['other x', 'B', 'a', 'c', 'd', 'ä']);
      expect(await idsOf({ limit: 2, saga: 'pay', after: { saga: 'pay', id: 'a' } })).toEqual(['c', 'd']);
      expect(await idsOf({ limit: 9, after: { saga: 'other', id: 'x' } })).toEqual(['B', 'a', 'c', 'd', 'ä']);
      expect(await idsOf({ limit: 9, status: 'stuck' })).toEqual(['a']);
      expect(await tx.sagas.counts()).toEqual([
        { saga: 'other', status: 'running', count: 1 },
        { saga: 'pay', status: 'running', count: 2 },
        { saga: 'pay', status: 'stuck', count: 1 },
      ]);
      expect(await tx.sagas.purge(2_000, 9)).toBe(0);
      expect(await tx.sagas.purge(9_999, 1)).toBe(1);
      expect(await tx.sagas.purge(9_999, 9)).toBe(1);
      expect(await idsOf({ limit: 9, saga: 'pay' })).toEqual(['a', 'd', 'ä']);
      expect(await tx.sagas.journal('pay', 'c')).toEqual([]);
      expect(await tx.sagas.journal('pay', 'a')).toHaveLength(2);
    });
  });

  test('a plan is kept once per version', async () => {
    const store = await open();
    const plan = (timeoutMs: number, version = 'v1'): SagaPlan => ({
      ...{ name: 'pay', version, style: 'orchestration', timeoutMs },
      steps: [],
    });
    await store.transaction(async (tx) => {
      expect(await tx.sagas.plan('pay', 'v1')).toBeNull();
      await tx.sagas.keepPlan(plan(1));
      await tx.sagas.keepPlan(plan(2));
      await tx.sagas.keepPlan(plan(3, 'v2'));
      expect(await tx.sagas.plan('pay', 'v1')).toEqual(plan(1));
      expect(await tx.sagas.plan('pay', 'v2')).toEqual(plan(3, 'v2'));
    });
  });
}
