import { expect } from 'vitest';
import type { Store } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';
import { yieldTurns } from './messages.js';

export function ownedCases(test: Register, open: OpenStore): void {
  const advance = (store: Store, state: unknown, nowMs: number, deleted = false) =>
    store.transaction((tx) => tx.advanceOwned('Employee', 'e1', { state, deleted, nowMs }));

  test('the version survives deletion and goes on at re-creation', async () => {
    const store = await open();
    expect(await store.transaction((tx) => tx.owned('Employee', 'e1'))).toBeNull();
    const told = [
      await advance(store, { name: 'Ann' }, 1000),
      await advance(store, { name: 'Ann' }, 2000, true),
      await advance(store, { name: 'Bob' }, 3000),
    ];
    expect(told.map(({ version, deleted }) => [version.sequence, deleted])).toEqual([
      [1n, false],
      [2n, true],
      [3n, false],
    ]);
    expect(await store.transaction((tx) => tx.owned('Employee', 'e1'))).toEqual(told[2]);
    expect(told[2]).toEqual({
      version: { epoch: 0, sequence: 3n, tie: '' },
      changedAt: '1970-01-01T00:00:03.000000Z',
      deleted: false,
      publishedSequence: 0n,
      state: { name: 'Bob' },
    });
  });

  test('instants grow by at least a microsecond, though the clock stands still or goes back', async () => {
    const store = await open();
    const told = [];
    for (const nowMs of [1000.0005, 1000.0005, 1000, 999, 1000.25, 1001])
      told.push((await advance(store, null, nowMs)).changedAt);
    expect(told).toEqual([
      '1970-01-01T00:00:01.000000Z',
      '1970-01-01T00:00:01.000001Z',
      '1970-01-01T00:00:01.000002Z',
      '1970-01-01T00:00:01.000003Z',
      '1970-01-01T00:00:01.000250Z',
      '1970-01-01T00:00:01.001000Z',
    ]);
  });

  test('changes at once get different, gapless versions in the order of their commits', async () => {
    const store = await open();
    const told = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        store.transaction(async (tx) => {
          await yieldTurns((index * 5) % 4);
          const next = await tx.advanceOwned('Employee', 'e1', { state: index, deleted: false, nowMs: 1000 - index });
          await yieldTurns((index * 3) % 5);
          return next;
        }),
      ),
    );
    const inOrder = [...told].sort((left, right) => Number(left.version.sequence - right.version.sequence));
    expect(inOrder.map(({ version }) => Number(version.sequence))).toEqual(told.map((_, index) => index + 1));
    const instants = inOrder.map(({ changedAt }) => changedAt);
    expect(instants).toEqual([...new Set(instants)].sort());
  });

  test('an owner who reads before it writes sees what the one before told', async () => {
    const store = await open();
    const append = (word: string) =>
      store.transaction(async (tx) => {
        const before = (await tx.owned('Employee', 'e1'))?.state ?? [];
        await yieldTurns(3);
        const state = [...(before as string[]), word];
        await tx.advanceOwned('Employee', 'e1', { state, deleted: false, nowMs: 0 });
      });
    await Promise.all(['a', 'b', 'c', 'd'].map(append));
    const last = await store.transaction((tx) => tx.owned('Employee', 'e1'));
    expect(new Set(last?.state as string[])).toEqual(new Set(['a', 'b', 'c', 'd']));
  });

  test('a change that is rolled back uses no version', async () => {
    const store = await open();
    const failed = store.transaction(async (tx) => {
      await tx.advanceOwned('Employee', 'e1', { state: 1, deleted: false, nowMs: 0 });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect((await advance(store, 2, 0)).version.sequence).toBe(1n);
  });

  test('remembers which version was published last', async () => {
    const store = await open();
    await advance(store, 1, 0);
    await store.transaction((tx) => tx.markPublished('Employee', 'e1'));
    expect((await advance(store, 2, 0)).publishedSequence).toBe(1n);
    expect((await advance(store, 3, 0)).publishedSequence).toBe(1n);
    await store.transaction((tx) => tx.markPublished('Employee', 'e1'));
    await store.transaction((tx) => tx.markPublished('Employee', 'unknown'));
    expect((await store.transaction((tx) => tx.owned('Employee', 'e1')))?.publishedSequence).toBe(3n);
    expect(await store.transaction((tx) => tx.owned('Employee', 'unknown'))).toBeNull();
  });

  test('lists one entity by id, tombstones included, page by page', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      for (const id of ['c', 'a', 'b', 'd']) {
        await tx.advanceOwned('Employee', id, { state: { id }, deleted: id === 'b', nowMs: 0 });
      }
      await tx.advanceOwned('Company', 'a', { state: {}, deleted: false, nowMs: 0 });
    });
    const pages = await store.transaction(async (tx) => [
      await tx.listOwned('Employee', { limit: 2 }),
      await tx.listOwned('Employee', { after: 'b', limit: 2 }),
      await tx.listOwned('Employee', { after: 'd', limit: 2 }),
    ]);
    expect(pages.map((page) => page.map(({ id, deleted }) => (deleted ? `${id} deleted` : id)))).toEqual([
      ['a', 'b deleted'],
      ['c', 'd'],
      [],
    ]);
  });
}
