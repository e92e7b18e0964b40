import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { PostgresClient, PostgresPool } from '../../runtime/stores/postgres/driver.js';
import { poolSource } from '../../runtime/stores/postgres/source.js';

it('hears the errors of a client before anybody has it', async () => {
  const client = Object.assign(new EventEmitter(), { query: async () => ({ rows: [] }), release: () => {} });
  const pool = Object.assign(new EventEmitter(), {
    async connect() {
      // As the driver's pool does: it tells of the client, and stops listening to it before the one who asked has it.
      pool.emit('connect', client);
      client.emit('error', new Error('terminating connection due to unexpected postmaster exit'));
      return client as typeof client & PostgresClient;
    },
    end: async () => {},
  });
  const source = poolSource('the database', async () => pool as typeof pool & PostgresPool, true);
  await expect(source.take()).resolves.toHaveProperty('client');
});
