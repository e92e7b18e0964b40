import { randomUUID } from 'node:crypto';
import { UsageError } from '../../runtime/errors.js';
import { loadDriver, type PostgresPool } from '../../runtime/stores/postgres/driver.js';

/** A database that exists for one run only. */
export interface Scratch {
  /** As `SEAMWRIGHT_DATABASE_URL` or `SEAMWRIGHT_BROKER_URL` takes it. */
  readonly url: string;
  /** Removes it with all that is in it. */
  dispose(): Promise<void>;
}

/** Makes an empty database on the PostgreSQL server that `url` names. Rejects with `UsageError` when there is none, or it may not be made. */
export async function scratchDatabase(url: string): Promise<Scratch> {
  if (!/^postgres(ql)?:/.test(url)) {
    throw new UsageError(
      'the level "live" needs a PostgreSQL server: SEAMWRIGHT_DATABASE_URL=postgres://user@host/database',
    );
  }
  const name = `seamwright_live_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  await atServer(url, `create database ${name}`);
  const scratch = new URL(url);
  scratch.pathname = `/${name}`;
  return {
    url: scratch.href,
    dispose: () => atServer(url, `drop database if exists ${name} with (force)`),
  };
}

async function atServer(url: string, sql: string): Promise<void> {
  const { Pool } = await loadDriver();
  const plain = new URL(url);
  plain.searchParams.delete('schema');
  const pool: PostgresPool = new Pool({
    connectionString: plain.href,
    max: 1,
    fallback_application_name: 'seamwright verify',
    statement_timeout: 60_000,
    query_timeout: 65_000,
    idle_in_transaction_session_timeout: 0,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    pipeline: false,
    allowExitOnIdle: true,
  });
  try {
    const client = await pool.connect();
    try {
      await client.query({ text: sql });
    } finally {
      client.release();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the PostgreSQL server on ${plain.host} gives no database of its own for the run: ${why}`);
  } finally {
    await pool.end();
  }
}
