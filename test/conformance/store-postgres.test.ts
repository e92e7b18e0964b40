import process from 'node:process';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { postgresPath, postgresServer } from '../../harness/live/servers/postgres.js';
import { eventually, type LiveServer } from '../../harness/live/servers/server.js';
import { UnavailableError } from '../../runtime/errors.js';
import { pgliteStore } from '../../runtime/stores/pglite.js';
import { type PostgresOptions, postgresStore } from '../../runtime/stores/postgres.js';
import { schemaSql } from '../../runtime/stores/sql/schema-sql.js';
import type { ReplicaTable, Store } from '../../runtime/stores/store.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';
import { lostWakeUps } from './store/lost-wake-up.js';
import { companies, employees, incoming, outboxMessage } from './store/messages.js';
import { storeConformance } from './store.js';

describeWith('a PostgreSQL server', await atHand(serverKinds.postgres), (url) => {
  const run = `sw conformance ${process.pid} ${Date.now()}`;
  const opened: { readonly store: Store; readonly schema: string }[] = [];

  function openStore(options: Partial<PostgresOptions> = {}): Store {
    const schema = `${run} ${opened.length}`;
    const place = options.pool ?? options.client;
    const store = postgresStore({ service: schema, ...(place === undefined && { url, max: 8 }), ...options });
    opened.push({ store, schema });
    return store;
  }

  // Each store has a pool of its own, and the server takes only so many connections.
  afterEach(async () => {
    for (const { store } of opened) await store.close();
  });

  afterAll(async () => {
    const last = postgresStore({ service: 'drop', url });
    for (const { schema } of opened) {
      await last.transaction((tx) => tx.query(`drop schema if exists "${schema}" cascade`));
    }
    await last.close();
  });

  storeConformance('PostgreSQL', async () => {
    const store = openStore();
    await store.prepare([employees, companies]);
    return store;
  });

  test('transactions interleave: without the lock the race loses wake-ups', async () => {
    const store = openStore();
    await store.prepare([companies]);
    expect(await lostWakeUps(store, { rounds: 200, locked: false })).toBeGreaterThan(0);
  });

  test('of two that try a lock at once, one gets it', async () => {
    const store = openStore();
    await store.transaction(async (tx) => {
      expect(await tx.tryLock('purge')).toBe(true);
      expect(await store.transaction((other) => other.tryLock('purge'))).toBe(false);
    });
    expect(await store.transaction((tx) => tx.tryLock('purge'))).toBe(true);
  });

  test('a service reads the same values as over PGlite', async () => {
    const text = `select 1::bigint as a, 9007199254740993 as b, 1.50::numeric as c, 'x' as d, true as e, null as f, '{"a":[1]}'::jsonb as g,
 '[2]'::json as h, '2024-02-03T04:05:06Z'::timestamptz as i, '2024-02-03'::date as j, array[1,2]::bigint[] as k, array['a,"b', null, 'NULL'] as l,
 array[array[1,2],array[3,4]] as m, 1.5::float8 as n, '\\x00ff'::bytea as o, count(*) as p, array[true,false] as q, '{}'::text[] as r`;
    const pglite = pgliteStore({ service: 'parity' });
    await pglite.prepare([]);
    const store = openStore();
    const [here] = await store.transaction((tx) => tx.query(text));
    const [there] = await pglite.transaction((tx) => tx.query(text));
    expect(here).toEqual(there);
    expect(here).toMatchObject({ a: 1, p: 1, c: '1.50', l: ['a,"b', null, 'NULL'] });
  });

  test('a pool of the user is shared and stays open; nothing of the service stays behind on its connections', async () => {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    try {
      const store = openStore({ pool });
      await store.prepare([companies]);
      await store.alone?.putReplica(companies, 'a', { name: 'one' }, incoming(1));
      const read = await store.transaction((tx) => tx.query('select name from company'));
      expect(read).toEqual([{ name: 'one' }]);
      await store.close();
      const { rows } = await pool.query('show search_path');
      expect(rows).toEqual([{ search_path: '"$user", public' }]);
    } finally {
      await pool.end();
    }
  });

  test('one client serves one transaction after the other', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const store = openStore({ client });
      await store.prepare([]);
      const claims = await Promise.all([1, 2, 3].map(() => store.transaction((tx) => tx.claim('c', 'm1'))));
      expect([...claims].sort()).toEqual([false, false, true]);
    } finally {
      await client.end();
    }
  });

  describe('a transaction that the user has begun', () => {
    async function joined(work: (store: Store, client: pg.Client) => Promise<void>): Promise<Store> {
      const store = openStore();
      await store.prepare([companies]);
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await work(store, client);
      } finally {
        await client.end();
      }
      return store;
    }
    const within = (store: Store, client: object, id: string, failure?: Error) =>
      store.within?.(client, async (tx) => {
        await tx.appendOutbox([outboxMessage(id, 'k')]);
        if (failure !== undefined) throw failure;
      });
    const outbox = (store: Store) => store.transaction(async (tx) => (await tx.outboxOf('k', 9)).map(({ id }) => id));

    test('takes what is sent with it, or drops it', async () => {
      await joined(async (store, client) => {
        await client.query('begin');
        await within(store, client, 'm1');
        expect(await outbox(store)).toEqual([]);
        await client.query('commit');
        expect(await outbox(store)).toEqual(['m1']);
        await client.query('begin');
        await within(store, client, 'm2');
        await client.query('rollback');
        expect(await outbox(store)).toEqual(['m1']);
      });
    });

    test('goes on without a work that failed, be it by the work or by the database', async () => {
      await joined(async (store, client) => {
        await client.query('begin');
        await within(store, client, 'm1');
        await expect(within(store, client, 'm2', new Error('no'))).rejects.toThrow('no');
        await expect(within(store, client, 'm1')).rejects.toMatchObject({ code: '23505' });
        await within(store, client, 'm3');
        await client.query('commit');
        expect(await outbox(store)).toEqual(['m1', 'm3']);
      });
    });

    test('has to be there', async () => {
      await joined(async (store, client) => {
        await expect(within(store, client, 'm1')).rejects.toMatchObject({ code: 'usage' });
        await expect(within(store, {}, 'm1')).rejects.toMatchObject({ code: 'usage' });
        expect(await outbox(store)).toEqual([]);
      });
    });
  });

  describe('tables', () => {
    const grown: ReplicaTable = {
      ...companies,
      columns: [...companies.columns, { name: 'size', field: 'size', type: 'bigint' }],
    };
    const sql = (store: Store, ...statements: readonly string[]) =>
      store.transaction(async (tx) => {
        for (const statement of statements) await tx.query(statement);
      });

    test('are left alone with "check", which says what to run', async () => {
      const store = openStore({ prepare: 'check' });
      await expect(store.prepare([companies])).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining('schema.sql'),
      });
      const schema = opened.at(-1)?.schema ?? '';
      await sql(
        store,
        ...schemaSql(schema, [companies])
          .split(';\n')
          .filter((text) => text.trim() !== ''),
      );
      await store.prepare([companies]);
      const refusal = await store.prepare([grown]).catch((error: unknown) => String(error));
      const [, statement = ''] = /run: (alter table [^;]*);/.exec(String(refusal)) ?? [];
      expect(statement).toContain('add column if not exists "size" bigint');
      await sql(store, statement);
      await expect(store.prepare([grown])).rejects.toThrow('does not show "size"');
      await openStore({ schema }).prepare([grown]);
      await store.prepare([grown]);
    });

    test('come from the text as from a start', async () => {
      const [started, written] = [openStore(), openStore()];
      await started.prepare([companies, employees]);
      const [here, there] = opened.slice(-2).map(({ schema }) => schema);
      await sql(
        written,
        ...schemaSql(there ?? '', [companies, employees])
          .split(';\n')
          .filter((text) => text.trim() !== ''),
      );
      const shape = (schema: string | undefined) =>
        written.transaction((tx) =>
          tx.query(
            `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
where table_schema = $1 order by 1, ordinal_position`,
            [schema],
          ),
        );
      const made = await shape(there);
      expect(made.length).toBeGreaterThan(50);
      expect(made).toEqual(await shape(here));
    });

    test('are prepared by many processes at once', async () => {
      const first = openStore();
      const { schema = '' } = opened.at(-1) ?? {};
      await Promise.all(
        [first, openStore({ schema }), openStore({ schema })].map((store) => store.prepare([companies])),
      );
    });

    test('may change their columns under a running service: it prepares its statements anew', async () => {
      const store = openStore({ max: 1 });
      await store.prepare([companies]);
      const read = () => store.transaction((tx) => tx.getReplica(companies, 'a'));
      await store.alone?.putReplica(companies, 'a', { name: 'one' }, incoming(1));
      expect(await read()).toEqual({ name: 'one' });
      const { schema } = opened.at(-1) ?? {};
      await openStore().transaction((tx) =>
        tx.query(`drop view "${schema}".company; alter table "${schema}".sw_copy_company alter name type varchar(9)`),
      );
      await expect(read()).rejects.toBeInstanceOf(UnavailableError);
      expect(await read()).toEqual({ name: 'one' });
    });
  });

  test('what a work throws is its own, also when it looks like a lost connection', async () => {
    const store = openStore();
    const own = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:80'), { code: 'ECONNREFUSED' });
    const work = store.transaction(async () => {
      throw own;
    });
    await expect(work).rejects.toBe(own);
  });

  test('a statement or a transaction that takes too long fails for itself', async () => {
    const store = openStore({ statementTimeoutMs: 200, idleInTransactionMs: 200 });
    const slow = store.transaction((tx) => tx.query('select pg_sleep(5)'));
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    const other = openStore();
    const idle = store.transaction(async (tx) => {
      await tx.query('select 1');
      await other.transaction((meanwhile) => meanwhile.query('select pg_sleep(1)'));
      await tx.query('select 2');
    });
    await expect(idle).rejects.toMatchObject({ code: '25P03' });
    expect(await store.transaction((tx) => tx.query('select 3 as a'))).toEqual([{ a: 3 }]);
  });

  test('a database that takes no writes holds messages', async () => {
    const store = openStore();
    await store.prepare([]);
    const refused = store.transaction(async (tx) => {
      await tx.query('set transaction read only');
      await tx.claim('c', 'm1');
    });
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', retriable: true });
  });
});

const installed = postgresPath() === undefined ? { missing: 'no postgres on this machine' } : { url: '' };

describeWith('a PostgreSQL server that fails', installed, () => {
  let server: LiveServer;
  const stores: Store[] = [];
  const openStore = (options: Partial<PostgresOptions> = {}): Store => {
    const store = postgresStore({ service: 'faults', url: server.url, ...options });
    stores.push(store);
    return store;
  };

  beforeAll(async () => {
    server = await postgresServer({ settings: { max_connections: '12' } });
  });

  afterAll(async () => {
    for (const store of stores) await store.close();
    await server?.dispose();
  });

  test('is missed while it is away, in the middle of a transaction too, and found again when it is back', async () => {
    const store = openStore();
    await store.prepare([companies]);
    await store.transaction((tx) => tx.claim('c', 'before'));
    const cut = store.transaction(async (tx) => {
      await tx.claim('c', 'cut');
      await server.kill();
      await tx.claim('c', 'cut too');
    });
    await expect(cut).rejects.toMatchObject({ code: 'unavailable', retriable: true });
    await expect(store.transaction((tx) => tx.claim('c', 'away'))).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`"postgres" on 127.0.0.1:${server.port}`),
    });
    await expect(store.alone?.putReplica(companies, 'a', null, incoming(1))).rejects.toBeInstanceOf(UnavailableError);
    await server.start();
    await eventually(() => store.transaction((tx) => tx.claim('c', 'after')));
    const kept = await store.transaction(async (tx) => [
      await tx.claimed('c', 'before'),
      await tx.claimed('c', 'cut'),
      await tx.claimed('c', 'away'),
    ]);
    expect(kept).toEqual([true, false, false]);
  });

  test('may end connections: idle ones are replaced, busy ones tell that they are gone', async () => {
    const store = openStore({ max: 2 });
    await store.prepare([]);
    const killer = openStore();
    const endAll = () =>
      killer.transaction((tx) =>
        tx.query(`select pg_terminate_backend(pid) from pg_stat_activity
where pid <> pg_backend_pid() and backend_type = 'client backend'`),
      );
    await endAll();
    await eventually(() => store.transaction((tx) => tx.claim('c', 'idle')));
    const busy = store.transaction(async (tx) => {
      await tx.claim('c', 'busy');
      await endAll();
      await tx.claim('c', 'busy too');
    });
    await expect(busy).rejects.toMatchObject({ code: 'unavailable' });
    const sleeping = store.transaction((tx) => tx.query('select pg_sleep(20)'));
    const gone = expect(sleeping).rejects.toMatchObject({ code: 'unavailable' });
    await eventually(async () => {
      const [row] = await killer.transaction((tx) =>
        tx.query(
          "select count(*) as sleeping from pg_stat_activity where query like 'select pg_sleep(20)%' and state = 'active'",
        ),
      );
      expect(row).toEqual({ sleeping: 1 });
    });
    await endAll();
    await gone;
    expect(await store.transaction((tx) => tx.claimed('c', 'busy'))).toBe(false);
  });

  test('may have no connection left', async () => {
    const greedy = openStore({ max: 30 });
    await greedy.prepare([]);
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, () => greedy.transaction((tx) => tx.query('select pg_sleep(0.5)'))),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'unavailable' });
    await greedy.close();
    await eventually(() => greedy.transaction((tx) => tx.claim('c', 'again')));
  });

  test('never tells a password', async () => {
    const store = openStore({ url: 'postgres://root:secret@127.0.0.1:1/x?sslmode=disable' });
    const refusal = await store.prepare([]).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UnavailableError);
    expect(String(refusal)).toContain('"x" on 127.0.0.1:1');
    expect(String(refusal)).not.toContain('secret');
    for (const bad of [
      'postgres://root:secret@:bad',
      'postgres://root:secret@db/x?max=many',
      'postgres://root:secret@db/x?prepare=maybe',
    ]) {
      expect(() => openStore({ url: bad })).toThrow(/^(?!.*secret)/);
    }
  });
});
