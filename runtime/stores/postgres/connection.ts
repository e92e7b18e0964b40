import { UsageError } from '../../errors.js';
import { type SqlClient, type SqlConnection, sqlState } from '../sql/client.js';
import { quoted } from '../sql/identifier.js';
import { sqlClient } from './client.js';
import type { PostgresClient } from './driver.js';
import { failureOf, isUnavailable } from './failure.js';
import { createLanes } from './lanes.js';

/** Where connections come from: a pool, or one client that is lent to one user after the other. */
export interface Source {
  /** How messages to people name the database, without password. */
  readonly database: string;
  take(): Promise<{ readonly client: PostgresClient; release(destroy: boolean): void }>;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly schema: string;
  /** Keeps the runtime's statements prepared on each connection. */
  readonly prepared: boolean;
  /** The connections are ours alone: they pipeline, and values are parsed as the store says. */
  readonly own: boolean;
}

/** The runtime's connection over clients of `pg`. */
export function postgresConnection(source: Source, options: ConnectionOptions): SqlConnection {
  const schema = quoted(options.schema);
  // One round trip. The path is set for the transaction, so that neither a pooler nor another user of a shared pool can lead the service's SQL astray.
  const begin = `begin isolation level read committed; set local search_path to ${schema}`;

  /** Lends a client out, and takes it back as broken when the database went away meanwhile. */
  async function lend<T>(work: (lent: Lent) => Promise<T>): Promise<T> {
    const { client, release } = await source.take().catch((error: unknown) => {
      throw failureOf(error, source.database);
    });
    const watched = watch(client, source.database);
    try {
      return await work({ client, ...watched, sql: clientOn(client, watched.failed) });
    } finally {
      release(watched.end());
    }
  }

  function clientOn(client: PostgresClient, failed: (error: unknown) => unknown): SqlClient {
    return sqlClient(client, { schema, prepared: options.prepared, ownTypes: options.own, failed });
  }

  return {
    transaction: (work) =>
      lend(async ({ client, failed, sql }) => {
        // Ours are sent ahead of the first statement without waiting for the answer; it fails only with the connection, which fails the statement too.
        const begun = client.query({ text: begin }).catch((error: unknown) => {
          throw failed(error);
        });
        begun.catch(() => {});
        if (!options.own) await begun;
        let result: Awaited<ReturnType<typeof work>>;
        try {
          result = await work(sql);
          await begun;
        } catch (error) {
          await client.query({ text: 'rollback' }).catch(failed);
          throw error;
        }
        await client.query({ text: 'commit' }).catch((error: unknown) => {
          throw failed(error);
        });
        return result;
      }),
    alone: createLanes<SqlClient>((use) => lend(({ sql, broken }) => use({ client: sql, broken }))),
    async within(joined, work) {
      const client = asClient(joined);
      const failed = (error: unknown): unknown => failureOf(error, source.database);
      const run = (text: string) =>
        client.query({ text }).catch((error: unknown) => {
          throw failed(error);
        });
      await run('savepoint seamwright').catch((error: unknown) => {
        if (sqlState(error) !== '25P01') throw error;
        throw new UsageError('the client is in no transaction: begin one first, and commit it afterwards');
      });
      let result: Awaited<ReturnType<typeof work>>;
      try {
        result = await work(clientOn(client, failed));
      } catch (error) {
        // When this fails, so does the caller's commit.
        await run('rollback to savepoint seamwright; release savepoint seamwright').catch(() => {});
        throw error;
      }
      await run('release savepoint seamwright');
      return result;
    },
    close: () => source.close(),
  };
}

/** A client while it is lent. `failed` answers what to throw for an error of the driver. */
interface Lent {
  readonly client: PostgresClient;
  readonly sql: SqlClient;
  failed(error: unknown): unknown;
  broken(): boolean;
}

/** Notes what becomes of a client's connection: `end` answers whether it is broken. A client that nobody listens to takes the whole process with it. */
function watch(client: PostgresClient, database: string): Pick<Lent, 'failed' | 'broken'> & { end(): boolean } {
  let lost: Error | undefined;
  let broken = false;
  const onError = (error: Error): void => {
    lost ??= error;
  };
  client.on('error', onError);
  return {
    failed(error) {
      if (!isUnavailable(error)) return error;
      broken = true;
      // What the server said before it closed the connection says more than the closing.
      return failureOf(lost ?? error, database);
    },
    broken: () => broken || lost !== undefined,
    end() {
      client.off('error', onError);
      return broken || lost !== undefined;
    },
  };
}

function asClient(candidate: object): PostgresClient {
  if (typeof Reflect.get(candidate, 'query') !== 'function' || typeof Reflect.get(candidate, 'on') !== 'function') {
    throw new UsageError('a client of "pg" is needed, such as pool.connect() answers');
  }
  if (typeof Reflect.get(candidate, 'connect') === 'function' && 'totalCount' in candidate) {
    throw new UsageError('a pool has no transaction: take a client from it with pool.connect()');
  }
  return candidate as PostgresClient;
}
