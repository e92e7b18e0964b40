import { afterAll, afterEach, expect, test } from 'vitest';
import { type PostgresOptions, postgresStore } from '../../runtime/stores/postgres.js';
import type { Store } from '../../runtime/stores/store.js';
import { atHand, describeWith, serverKinds } from './at-hand.js';
import { lostWakeUps } from './store/lost-wake-up.js';
import { companies, employees } from './store/messages.js';
import { storeConformance } from './store.js';

describeWith('a PostgreSQL server', await atHand(serverKinds.postgres), (url) => {
  const run = `sw conformance ${process.pid} ${Date.now()}`;
  const opened: { readonly store: Store; readonly schema: string }[] = [];

  function openStore(options: Partial<PostgresOptions> = {}): Store {
    const schema = `${run} ${opened.length}`;
    const store = postgresStore({ service: schema, url, max: 8, ...options });
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
});
