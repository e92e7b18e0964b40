import { UsageError } from '../errors.js';
import { postgresConnection, type Source } from './postgres/connection.js';
import { loadDriver, type PostgresClient, type PostgresPool } from './postgres/driver.js';
import { clientSource, poolSource } from './postgres/source.js';
import { readUrl, type UrlOptions } from './postgres/url.js';
import type { Prepare } from './sql/prepare.js';
import { schemaOf } from './sql/schema-name.js';
import { sqlStore } from './sql/store.js';
import type { Store } from './store.js';

export interface PostgresOptions {
  readonly service: string;
  /** Where the database is. One of `url`, `pool` and `client` is needed. What follows here counts more than what the URL says. */
  readonly url?: string;
  /** A `pg.Pool` of the user's; it stays open. */
  readonly pool?: PostgresPool;
  /** A connected `pg.Client` of the user's, for one transaction after the other; it stays open. */
  readonly client?: PostgresClient;
  /** Schema of the service's tables. Default: the service's name. */
  readonly schema?: string;
  /** Connections at most. Default 10. */
  readonly max?: number;
  /** Whether a start changes tables or only looks whether they fit. Default `apply`. */
  readonly prepare?: Prepare;
  /** Keeps statements prepared on each connection. Default true; false for poolers that hand a connection to another one in between. */
  readonly prepared?: boolean;
  /** A statement that takes longer fails. Default 60000; 0 = none. Of a given pool or client its own setting holds. */
  readonly statementTimeoutMs?: number;
  /** A transaction in which nothing happens for so long is ended by the server. Default 60000; 0 = none. */
  readonly idleInTransactionMs?: number;
}

/**
 * A store on a PostgreSQL server, through the package `pg`; nothing is opened before its first use.
 *
 * Promises: rejects with `UnavailableError` while the server cannot be reached, is full, overloaded, stopping or read-only, so that messages are held
 * and not failed; heals by itself; no lost connection ends the process. Does not promise: that a transaction whose commit was cut off was not committed.
 * Throws `UsageError` for options that contradict each other.
 */
export function postgresStore(options: PostgresOptions): Store {
  const said = options.url === undefined ? undefined : readUrl(options.url);
  const schema = schemaOf(options.schema ?? said?.schema ?? options.service);
  const prepared = options.prepared ?? said?.prepared ?? true;
  const prepare = options.prepare ?? said?.prepare ?? 'apply';
  const source = sourceOf(options, said);
  return sqlStore({
    kind: 'postgres',
    connection: postgresConnection(source, { schema, prepared, own: said !== undefined }),
    prepare,
  });
}

function sourceOf(options: PostgresOptions, said: UrlOptions | undefined): Source {
  const { pool, client, url } = options;
  const given = [pool, client, url].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new UsageError('a PostgreSQL store takes one of "url", "pool" and "client"');
  }
  if (pool !== undefined) return poolSource('the PostgreSQL database', async () => pool, false);
  if (client !== undefined) return clientSource('the PostgreSQL database', client);
  return poolSource(said?.database ?? '', () => openPool(options, said), true);
}

async function openPool(options: PostgresOptions, said: UrlOptions | undefined): Promise<PostgresPool> {
  const { Pool } = await loadDriver();
  const statementTimeoutMs = options.statementTimeoutMs ?? said?.statementTimeoutMs ?? 60_000;
  return new Pool({
    connectionString: said?.connectionString,
    max: options.max ?? said?.max ?? 10,
    fallback_application_name: `seamwright ${options.service}`,
    statement_timeout: statementTimeoutMs,
    // The server's own answer to that limit may be lost on a line that has fallen silent.
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + 5_000,
    idle_in_transaction_session_timeout: options.idleInTransactionMs ?? said?.idleInTransactionMs ?? 60_000,
    // Also how long a transaction waits for a free connection.
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // The next statement does not wait for the answer to `begin`.
    pipeline: true,
    // Connections that nobody uses keep no process alive; a service that runs does.
    allowExitOnIdle: true,
  });
}
