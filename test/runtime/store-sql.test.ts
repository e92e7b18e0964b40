import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { applies, decide, type Incoming, nextStored, type Stored } from '../../runtime/guard.js';
import { pgliteStore } from '../../runtime/stores/pglite.js';
import type { ReplicaTable, Transaction } from '../../runtime/stores/store.js';
import { companies, incoming } from '../conformance/store/messages.js';

const service = 'sql "store"';
const store = pgliteStore({ service });
const company = (columns: ReplicaTable['columns'], name = 'company'): ReplicaTable => ({
  name,
  entity: 'Company',
  columns,
});

afterAll(() => store.close());

describe('the SQL decides as the function does', () => {
  const tie = fc.constantFrom('', 'a', 'b', '\uff5e', '😀');
  const version = fc.record({ epoch: fc.nat(1), sequence: fc.bigInt({ min: -1n, max: 3n }), tie });
  const stored: fc.Arbitrary<Stored> = fc.record({ version, hash: fc.constantFrom('x', 'y'), deleted: fc.boolean() });
  const message: fc.Arbitrary<Incoming> = fc
    .record({
      version,
      hash: fc.constantFrom('x', 'y'),
      deleted: fc.boolean(),
      force: fc.boolean(),
      carries: fc.constantFrom('state', 'delta'),
      equalApplies: fc.boolean(),
      previous: fc.option(fc.bigInt({ min: -1n, max: 4n }), { nil: undefined }),
    })
    .map(({ previous, ...rest }) => (previous === undefined ? rest : { ...rest, previousSequence: previous }));
  /** Half of the messages share the stored version, where the rules are finest. */
  const pair = fc
    .tuple(fc.option(stored, { nil: undefined }), message, fc.boolean())
    .map(([row, next, same]): readonly [Stored | undefined, Incoming] => [
      row,
      same && row !== undefined ? { ...next, version: { ...row.version, tie: next.version.tie } } : next,
    ]);

  test('for copies and for the guard of effects, outcome and row alike', async () => {
    await store.prepare([companies]);
    let id = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 20, maxLength: 20 }), async (pairs) => {
        await store.transaction(async (tx) => {
          for (const [row, next] of pairs) {
            id += 1;
            await check(tx, String(id), row, next);
          }
        });
      }),
      { numRuns: 80 },
    );
  });

  async function check(tx: Transaction, id: string, row: Stored | undefined, next: Incoming): Promise<void> {
    if (row !== undefined) {
      const first: Incoming = { ...row, force: false, carries: 'state', equalApplies: false };
      await tx.putReplica(companies, id, row.deleted ? null : { name: 'before' }, first);
      await tx.advanceGuard('c', 'Company', id, first);
    }
    const outcome = decide(row, next);
    const written = applies(outcome, next.carries);
    const after = written ? nextStored(row, next) : row;

    expect(await tx.peekReplica(companies, id, next)).toBe(outcome);
    expect(await tx.putReplica(companies, id, next.deleted ? null : { name: 'after' }, next)).toBe(outcome);
    expect(await tx.advanceGuard('c', 'Company', id, next)).toBe(outcome);
    expect(await keptIn(tx, 'sw_copy_company', 'sw_id = $1', [id])).toEqual(after);
    expect(await keptIn(tx, 'sw_guard', 'entity_id = $1', [id])).toEqual(after);
    const name = after === undefined || after.deleted ? null : { name: written ? 'after' : 'before' };
    expect(await tx.getReplica(companies, id)).toEqual(name);
  }

  async function keptIn(tx: Transaction, table: string, where: string, values: readonly unknown[]) {
    const rows = await tx.query<Record<string, unknown>>(`select * from ${table} where ${where}`, values);
    return rows.map((row): Stored => {
      const kept = {
        epoch: Number(row.sw_epoch),
        sequence: BigInt(String(row.sw_seq)),
        tie: String(row.sw_tie),
      };
      return { version: kept, hash: String(row.sw_hash), deleted: row.sw_deleted === true };
    })[0];
  }
});

describe('transactions', () => {
  test('a work that swallows an error of the database does not commit, and the error is told', async () => {
    await store.prepare([]);
    const work = store.transaction(async (tx) => {
      await tx.claim('swallowing', 'm1');
      await tx.query('select 1 / 0').catch(() => {});
    });
    await expect(work).rejects.toMatchObject({ code: '22012' });
    expect(await store.transaction((tx) => tx.claim('swallowing', 'm1'))).toBe(true);
  });

  test('a work may go back to its savepoint', async () => {
    await store.transaction(async (tx) => {
      await tx.claim('savepoint', 'm1');
      await tx.query('savepoint before');
      await tx.query('select 1 / 0').catch(() => {});
      await tx.query('rollback to savepoint before');
    });
    expect(await store.transaction((tx) => tx.claim('savepoint', 'm1'))).toBe(false);
  });

  test.each(['40001', '40P01'])('a work that fails with %s is run again, five times at most', async (state) => {
    const fail = `do $$ begin raise exception 'again' using errcode = '${state}'; end $$`;
    let runs = 0;
    const result = await store.transaction(async (tx) => {
      runs += 1;
      if (runs < 3) await tx.query(fail);
      return runs;
    });
    expect(result).toBe(3);
    runs = 0;
    const hopeless = store.transaction(async (tx) => {
      runs += 1;
      await tx.query(fail);
    });
    await expect(hopeless).rejects.toMatchObject({ code: state });
    expect(runs).toBe(5);
  });
});

describe('schema', () => {
  test('queries read the live rows by the name of the copy', async () => {
    await store.prepare([companies]);
    const names = await store.transaction(async (tx) => {
      await tx.putReplica(companies, 'live', { name: 'here' }, incoming(1));
      await tx.putReplica(companies, 'gone', null, incoming(1, { deleted: true }));
      return tx.query("select sw_id, name from company where sw_id in ('live', 'gone')");
    });
    expect(names).toEqual([{ sw_id: 'live', name: 'here' }]);
  });

  test('two services in one database do not see each other', async () => {
    const other = pgliteStore({ service: 'other service' });
    await other.prepare([companies]);
    await store.prepare([companies]);
    await store.transaction((tx) => tx.putReplica(companies, 'mine', { name: 'mine' }, incoming(1)));
    expect(await other.transaction((tx) => tx.replicaPresence(companies, 'mine'))).toBe('unknown');
    await other.close();
  });

  test('preparing again changes nothing; a column more is added and empty, wherever it stands', async () => {
    const before = company([{ name: 'a', field: 'a', type: 'text' }], 'grown');
    const after = company(
      [{ name: 'z', field: 'z', type: 'jsonb' }, ...before.columns, { name: 'b', field: 'b', type: 'bigint' }],
      'grown',
    );
    await store.prepare([before]);
    await store.transaction((tx) => tx.putReplica(before, 'x', { a: 'kept' }, incoming(1)));
    await store.prepare([before]);
    await store.prepare([after]);
    await store.transaction(async (tx) => {
      expect(await tx.getReplica(after, 'x')).toEqual({ z: null, a: 'kept', b: null });
      await tx.putReplica(after, 'x', { z: { y: 1 }, a: 'more', b: 5 }, incoming(2));
      expect(await tx.getReplica(after, 'x')).toEqual({ z: { y: 1 }, a: 'more', b: 5 });
      expect(await tx.query('select z, a, b from grown')).toEqual([{ z: { y: 1 }, a: 'more', b: 5 }]);
    });
  });

  test('every other change is refused with the statement that makes it, and nothing is changed', async () => {
    const column = (name: string, type: 'text' | 'bigint') => ({ name, field: name, type });
    const before = company([column('a', 'text'), column('b"', 'text')], 'changed');
    const after = company([column('a', 'bigint'), column('c', 'text')], 'changed');
    await store.prepare([before]);
    await store.transaction((tx) => tx.putReplica(before, 'x', { a: '7' }, incoming(1)));
    const refusal = await store.prepare([after]).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'usage' });
    const message = String((refusal as Error).message);
    expect(message).toContain('column "a" is text, the contract says bigint');
    expect(message).toContain('column "b"" is not in the contract');
    expect(await store.transaction((tx) => tx.getReplica(before, 'x'))).toEqual({ a: '7', 'b"': null });

    for (const [, statements = ''] of message.matchAll(/run: (.*)/g)) {
      await store.transaction(async (tx) => {
        for (const statement of statements.split(';').filter((text) => text.trim() !== '')) await tx.query(statement);
      });
    }
    await store.prepare([after]);
    expect(await store.transaction((tx) => tx.getReplica(after, 'x'))).toEqual({ a: 7, c: null });
  });

  test('names that belong to the runtime, to PostgreSQL, to the user or to two copies are refused', async () => {
    const columns = [{ name: 'a', field: 'a', type: 'text' }] as const;
    const refused = (...tables: readonly ReplicaTable[]) => expect(store.prepare(tables)).rejects;
    await refused(company(columns, 'sw_outbox')).toMatchObject({ code: 'usage' });
    await refused(company([{ name: 'sw_seq', field: 'a', type: 'text' }])).toMatchObject({ code: 'usage' });
    await refused(company(columns, 'x'.repeat(56))).toMatchObject({ code: 'usage' });
    await refused(company(columns, '')).toMatchObject({ code: 'usage' });
    await refused(company(columns, 'twice'), company(columns, 'twice')).toMatchObject({ code: 'usage' });
    await store.transaction((tx) => tx.query('create table employees_of_user (id text)'));
    await refused(company(columns, 'employees_of_user')).toMatchObject({
      message: expect.stringContaining('is not a view'),
    });
    for (const name of ['', 'pg_x', 'information_schema', 'x'.repeat(64), 'a\0b']) {
      expect(() => pgliteStore({ service: name })).toThrow();
    }
  });
});
