import fc from 'fast-check';
import { expect } from 'vitest';
import type { Incoming, Outcome } from '../../../runtime/guard.js';
import type { ReplicaWrite, Store, Transaction } from '../../../runtime/stores/store.js';
import type { OpenStore, Register } from './case.js';
import { companies, employee, employees, incoming, yieldTurns } from './messages.js';

const message: fc.Arbitrary<Incoming> = fc
  .record({
    version: fc.record({
      epoch: fc.nat(1),
      sequence: fc.bigInt({ min: -1n, max: 3n }),
      tie: fc.constantFrom('', 'a', 'b', '\uff5e', '😀'),
    }),
    hash: fc.constantFrom('x', 'y'),
    deleted: fc.boolean(),
    force: fc.boolean(),
    carries: fc.constantFrom('state', 'delta'),
    equalApplies: fc.boolean(),
    previous: fc.option(fc.bigInt({ min: -1n, max: 4n }), { nil: undefined }),
  })
  .map(({ previous, ...rest }) => (previous === undefined ? rest : { ...rest, previousSequence: previous }));

/** What lies in the table before, if anything, and what comes. */
const entities = fc.array(fc.tuple(fc.option(message, { nil: undefined }), message), { minLength: 1, maxLength: 12 });

export function batchCases(test: Register, open: OpenStore): void {
  const put = (id: string, name: string | null, change: Incoming): ReplicaWrite => ({
    id,
    row: name === null ? null : { name },
    incoming: change,
  });

  test('a batch decides and writes as the same messages one by one', async () => {
    const store = await open();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(entities, async (pairs) => {
        round += 1;
        const ids = pairs.map((_, index) => [`s${round}-${index}`, `b${round}-${index}`] as const);
        const row = (name: string, { deleted }: Incoming) => (deleted ? null : { name });
        await store.transaction(async (tx) => {
          for (const [index, [before]] of pairs.entries()) {
            for (const id of ids[index] ?? [])
              if (before !== undefined) await tx.putReplica(companies, id, row('before', before), before);
          }
          const single: Outcome[] = [];
          const writes: ReplicaWrite[] = [];
          for (const [index, [, next]] of pairs.entries()) {
            const [one = '', many = ''] = ids[index] ?? [];
            single.push(await tx.putReplica(companies, one, row('after', next), next));
            writes.push({ id: many, row: row('after', next), incoming: next });
          }
          // Later ids first: outcomes come in the order of the call all the same.
          expect([...(await tx.putReplicas(companies, [...writes].reverse()))].reverse()).toEqual(single);
          for (const [one, many] of ids) {
            expect(await tx.getReplica(companies, many)).toEqual(await tx.getReplica(companies, one));
            expect(await tx.replicaVersion(companies, many)).toEqual(await tx.replicaVersion(companies, one));
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  test('rows of a batch come back whole: nulls, absent fields, quotes, JSON', async () => {
    const store = await open();
    const rows = [
      employee('Ann'),
      { fullName: 'null', salary: 0, score: null, isActive: false, tags: null },
      { ...employee('"{,}\\" \'x'), score: -1e-300, tags: { 'a"b': ['\\', null] } },
    ];
    await store.transaction(async (tx) => {
      const writes = rows.map((row, index) => ({ id: `e${index}`, row, incoming: incoming(1) }));
      expect(await tx.putReplicas(employees, writes)).toEqual(['applied', 'applied', 'applied']);
      for (const [index, row] of rows.entries()) expect(await tx.getReplica(employees, `e${index}`)).toEqual(row);
    });
  });

  test('a batch of nothing does nothing; an id that comes twice is refused, and a version that no column holds', async () => {
    const store = await open();
    expect(await store.transaction((tx) => tx.putReplicas(companies, []))).toEqual([]);
    const twice = [put('a', 'x', incoming(1)), put('b', 'x', incoming(1)), put('a', 'y', incoming(2))];
    await expect(store.transaction((tx) => tx.putReplicas(companies, twice))).rejects.toMatchObject({ code: 'usage' });
    const large = [put('a', 'x', incoming(1)), put('b', 'x', incoming(2n ** 63n))];
    await expect(store.transaction((tx) => tx.putReplicas(companies, large))).rejects.toMatchObject({
      code: 'rejected',
    });
    expect(await store.transaction((tx) => tx.replicaPresence(companies, 'a'))).toBe('unknown');
  });

  test('presences come in one answer', async () => {
    const store = await open();
    const found = await store.transaction(async (tx) => {
      await tx.putReplicas(companies, [put('live', 'x', incoming(1)), put('gone', null, incoming(1))]);
      return tx.replicaPresences(companies, ['gone', 'unknown', 'live', 'live']);
    });
    expect(found).toEqual(
      new Map([
        ['gone', 'deleted'],
        ['unknown', 'unknown'],
        ['live', 'live'],
      ]),
    );
    expect(await store.transaction((tx) => tx.replicaPresences(companies, []))).toEqual(new Map());
  });

  test('a batch that is rolled back never happened', async () => {
    const store = await open();
    const failed = store.transaction(async (tx) => {
      await tx.putReplicas(companies, [put('a', 'x', incoming(1))]);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await store.transaction((tx) => tx.replicaVersion(companies, 'a'))).toBeUndefined();
  });

  const ways: Readonly<Record<string, (store: Store, writes: readonly ReplicaWrite[]) => Promise<unknown>>> = {
    'in transactions': (store, writes) => store.transaction((tx) => tx.putReplicas(companies, writes)),
    alone: (store, writes) => aloneOf(store).putReplicas(companies, writes),
  };
  for (const [way, write] of Object.entries(ways)) {
    test(`batches that overlap the other way round do not lock each other out: ${way}`, async () => {
      const store = await open();
      const ids = Array.from({ length: 40 }, (_, index) => `c${index}`);
      for (let round = 1; round <= 10; round++) {
        const writes = ids.map((id) => put(id, `v${round}`, incoming(round)));
        await Promise.all(
          [writes, [...writes].reverse(), writes.slice(20)].map(async (batch, index) => {
            await yieldTurns(index);
            await write(store, batch);
          }),
        );
      }
      const names = await store.transaction(async (tx) =>
        (await tx.listReplica(companies, { limit: 99 })).map(({ name }) => name),
      );
      expect(names).toEqual(ids.map(() => 'v10'));
    });
  }

  test('alone, a write decides as in a transaction and is there at once', async () => {
    const store = await open();
    const alone = aloneOf(store);
    const outcomes = [
      await alone.putReplica(companies, 'a', { name: 'one' }, incoming(2)),
      await alone.putReplica(companies, 'a', { name: 'late' }, incoming(1)),
      await alone.putReplica(companies, 'a', { name: 'two' }, incoming(2, { hash: 'other' })),
      ...(await alone.putReplicas(companies, [put('b', 'x', incoming(1)), put('a', 'new', incoming(3))])),
      ...(await alone.putReplicas(companies, [put('a', 'x', incoming(3)), put('b', null, incoming(2))])),
    ];
    expect(outcomes).toEqual(['applied', 'stale', 'conflict', 'applied', 'applied', 'duplicate', 'applied']);
    const kept = await store.transaction((tx) => tx.listReplica(companies, { limit: 9 }));
    expect(kept).toEqual([{ name: 'new' }]);
    await expect(alone.putReplica(companies, 'a', null, incoming(2n ** 63n))).rejects.toMatchObject({
      code: 'rejected',
    });
  });

  test('alone and in transactions at once, each version is written once and the newest stays', async () => {
    const store = await open();
    const decided = await Promise.all(
      [3, 1, 4, 2, 4, 1].map(async (version, index) => {
        await yieldTurns(index % 3);
        const write = (tx: Pick<Transaction, 'putReplica'>) =>
          tx.putReplica(companies, 'c', { name: `v${version}` }, incoming(version));
        return index % 2 === 0 ? write(aloneOf(store)) : store.transaction(write);
      }),
    );
    expect([decided[2], decided[4]].sort()).toEqual(['applied', 'duplicate']);
    expect(await store.transaction((tx) => tx.getReplica(companies, 'c'))).toEqual({ name: 'v4' });
  });
}

function aloneOf(store: Store): NonNullable<Store['alone']> {
  if (store.alone === undefined) throw new Error('the store writes nothing alone');
  return store.alone;
}
