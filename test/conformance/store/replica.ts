import { expect } from 'vitest';
import type { OpenStore, Register } from './case.js';
import { companies, employee, employees, incoming, yieldTurns } from './messages.js';

export function replicaCases(test: Register, open: OpenStore): void {
  test('a row comes back as it was put', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      await tx.putReplica(employees, 'e1', employee('Ann'), incoming(1));
      expect(await tx.getReplica(employees, 'e1')).toEqual(employee('Ann'));
    });
  });

  test('empty values: null stays null, an optional field is absent', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      await tx.putReplica(employees, 'e1', { fullName: 'Ann', salary: 0, isActive: false, tags: null }, incoming(1));
      expect(await tx.getReplica(employees, 'e1')).toEqual({
        fullName: 'Ann',
        salary: 0,
        score: null,
        isActive: false,
        tags: null,
      });
    });
  });

  test('what the caller does with a row afterwards does not reach the store', async () => {
    const store = await open();
    const row = { ...employee('Ann'), tags: ['a'] };
    await store.transaction((tx) => tx.putReplica(employees, 'e1', row, incoming(1)));
    row.tags.push('b');
    const read = await store.transaction((tx) => tx.getReplica(employees, 'e1'));
    (read as { tags: string[] }).tags.push('c');
    expect((await store.transaction((tx) => tx.getReplica(employees, 'e1')))?.tags).toEqual(['a']);
  });

  test('a stale, duplicate or conflicting message does not change the row', async () => {
    const store = await open();
    const put = (name: string, message = incoming(2)) =>
      store.transaction((tx) => tx.putReplica(companies, 'c1', { name }, message));
    await put('kept');
    expect(await put('older', incoming(1))).toBe('stale');
    expect(await put('older', incoming(1, { force: true }))).toBe('stale');
    expect(await put('again')).toBe('duplicate');
    expect(await put('other', incoming(2, { hash: 'other' }))).toBe('conflict');
    expect(await store.transaction((tx) => tx.getReplica(companies, 'c1'))).toEqual({ name: 'kept' });
  });

  test('force repairs a damaged copy', async () => {
    const store = await open();
    await store.transaction((tx) => tx.putReplica(companies, 'c1', { name: 'damaged' }, incoming(2)));
    const forced = incoming(2, { force: true });
    expect(await store.transaction((tx) => tx.putReplica(companies, 'c1', { name: 'right' }, forced))).toBe(
      'reapplied',
    );
    expect(await store.transaction((tx) => tx.getReplica(companies, 'c1'))).toEqual({ name: 'right' });
  });

  test('a deleted entity stays deleted for late messages, and comes back when it is made again', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      expect(await tx.replicaPresence(companies, 'c1')).toBe('unknown');
      await tx.putReplica(companies, 'c1', { name: 'one' }, incoming(1));
      expect(await tx.replicaPresence(companies, 'c1')).toBe('live');
      await tx.putReplica(companies, 'c1', null, incoming(3, { deleted: true }));
      expect(await tx.replicaPresence(companies, 'c1')).toBe('deleted');
      expect(await tx.putReplica(companies, 'c1', { name: 'late' }, incoming(2))).toBe('stale');
      expect(await tx.getReplica(companies, 'c1')).toBeNull();
      expect(await tx.listReplica(companies, { limit: 10 })).toEqual([]);
      expect(await tx.putReplica(companies, 'c1', { name: 'again' }, incoming(4))).toBe('applied');
      expect(await tx.getReplica(companies, 'c1')).toEqual({ name: 'again' });
    });
  });

  test('the deletion of something unknown leaves a tombstone', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      expect(await tx.putReplica(companies, 'c1', null, incoming(2, { deleted: true }))).toBe('applied');
      expect(await tx.replicaPresence(companies, 'c1')).toBe('deleted');
      expect(await tx.putReplica(companies, 'c1', { name: 'late' }, incoming(1))).toBe('stale');
    });
  });

  test('a look answers as the write would and writes nothing', async () => {
    const store = await open();
    await store.transaction(async (tx) => {
      expect(await tx.peekReplica(companies, 'c1', incoming(2))).toBe('applied');
      expect(await tx.replicaPresence(companies, 'c1')).toBe('unknown');
      await tx.putReplica(companies, 'c1', { name: 'one' }, incoming(2));
      expect(await tx.peekReplica(companies, 'c1', incoming(1))).toBe('stale');
      expect(await tx.peekReplica(companies, 'c1', incoming(5, { previousSequence: 4n }))).toBe('gap');
    });
  });

  test('pages follow ids by code point and skip tombstones', async () => {
    const store = await open();
    const ids = ['b', 'a', 'B', '😀', '\uff5e', 'é', ''];
    await store.transaction(async (tx) => {
      for (const id of ids) await tx.putReplica(companies, id, { name: id }, incoming(1));
      await tx.putReplica(companies, 'b', null, incoming(2));
    });
    const read: unknown[] = [];
    for (let after: string | undefined; ; ) {
      const page = await store.transaction((tx) =>
        tx.listReplica(companies, after === undefined ? { limit: 2 } : { after, limit: 2 }),
      );
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(2);
      read.push(...page.map(({ name }) => name));
      after = String(read.at(-1));
    }
    expect(read).toEqual(['', 'B', 'a', 'é', '\uff5e', '😀']);
  });

  test('two consumers of one entity at once: the newest message wins in every interleaving', async () => {
    const store = await open();
    for (let round = 0; round < 60; round++) {
      const id = `c${round}`;
      await Promise.all(
        [2, 3, 1].map((version, index) =>
          store.transaction(async (tx) => {
            await yieldTurns((round >> (2 * index)) & 3);
            await tx.putReplica(companies, id, version === 3 ? null : { name: `v${version}` }, incoming(version));
            await yieldTurns((round >> index) & 3);
          }),
        ),
      );
      expect(await store.transaction((tx) => tx.replicaPresence(companies, id))).toBe('deleted');
    }
  });
}
