import type { PGlite } from '@electric-sql/pglite';
import { UnavailableError } from '../errors.js';
import type { SqlClient, SqlConnection, SqlRow } from './sql/client.js';
import { quoted } from './sql/identifier.js';
import { schemaOf } from './sql/schema-name.js';
import { sqlStore } from './sql/store.js';
import type { Store } from './store.js';

/**
 * PostgreSQL inside this process, one schema per service. All services of a process share one database, since each costs seconds and memory to start.
 *
 * Promises: real SQL; with `directory` the data outlives the process, without it the data lives as long as the process, whatever is closed.
 * Does not promise: two transactions at once. There is one connection, and a transaction that waits for another one, such as a handler that calls a
 * service of the same process, waits for ever; such services need "postgres:".
 */
export function pgliteStore(options: { readonly service: string; readonly directory?: string }): Store {
  const { service, directory = '' } = options;
  const schema = schemaOf(service);
  return sqlStore({ kind: 'pglite', connection: connectionTo(directory, schema) });
}

/** Removes everything that a service kept, tables of its own included; for tests and demonstrations that begin anew. */
export async function dropPgliteSchema(service: string, directory = ''): Promise<void> {
  const database = await use(directory);
  await database.query(`drop schema if exists ${quoted(schemaOf(service))} cascade`);
  await release(directory);
}

function connectionTo(directory: string, schema: string): SqlConnection {
  // Opened at the first use and again after `close`, so that a service can be started anew on the same store.
  let database: Promise<PGlite> | undefined;
  async function opened(): Promise<PGlite> {
    database ??= use(directory).catch((error: unknown) => {
      database = undefined;
      throw error;
    });
    return database;
  }
  const name = quoted(schema);

  return {
    async transaction(work) {
      return (await opened()).transaction(async (tx) => {
        await tx.exec(`set local search_path to ${name}`);
        return work(clientOn(tx, name));
      });
    },
    alone: async (work) => work(clientOn(await opened(), name)),
    async close() {
      if (database === undefined) return;
      database = undefined;
      await release(directory);
    },
  };
}

function clientOn(on: Pick<PGlite, 'query'>, schema: string): SqlClient {
  const query: SqlClient['query'] = async (text, values) => (await on.query<SqlRow>(text, [...(values ?? [])])).rows;
  return { schema, query, queryOnce: query };
}

interface SharedDatabase {
  readonly database: Promise<PGlite>;
  users: number;
}

/** By directory; '' is the one in memory. */
const shared = new Map<string, SharedDatabase>();

function use(directory: string): Promise<PGlite> {
  const present = shared.get(directory) ?? { database: open(directory), users: 0 };
  shared.set(directory, present);
  present.users += 1;
  return present.database;
}

/** The last user of a directory closes it, so that another process may open it. The database in memory stays: closing would empty it. */
async function release(directory: string): Promise<void> {
  const present = shared.get(directory);
  if (present === undefined) return;
  present.users -= 1;
  if (present.users > 0 || directory === '') return;
  shared.delete(directory);
  await (await present.database).close();
}

async function open(directory: string): Promise<PGlite> {
  try {
    const { PGlite: Database } = await import('@electric-sql/pglite');
    return await Database.create(directory === '' ? {} : { dataDir: directory });
  } catch (cause) {
    // The next use tries again: the directory may be free or repaired by then.
    shared.delete(directory);
    throw new UnavailableError(
      directory === '' ? 'the PGlite database' : `the PGlite database in "${directory}"`,
      cause,
    );
  }
}
