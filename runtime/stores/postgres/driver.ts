import { UsageError } from '../../errors.js';

/** What is used of a client of `pg`, so that types need no package. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

export interface PostgresQuery {
  readonly text: string;
  readonly values?: unknown[];
  /** Keeps the statement prepared under this name. */
  readonly name?: string;
  readonly types?: { getTypeParser(oid: number, format?: string): (value: string) => unknown };
}

/** What is used of a pool of `pg`. */
export interface PostgresPool {
  connect(): Promise<PostgresClient & { release(destroy?: boolean): void }>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'connect', listener: (client: PostgresClient) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  end(): Promise<void>;
}

/** What is used of the package: declared here, so that services on another store compile without it. */
export interface PostgresDriver {
  readonly Pool: new (settings: PostgresPoolSettings) => PostgresPool;
}

/** What a pool is opened with, under the package's own names; times in milliseconds. */
export interface PostgresPoolSettings {
  readonly connectionString?: string | undefined;
  readonly max: number;
  readonly fallback_application_name: string;
  readonly statement_timeout: number;
  readonly query_timeout: number;
  readonly idle_in_transaction_session_timeout: number;
  readonly connectionTimeoutMillis: number;
  readonly keepAlive: boolean;
  readonly pipeline: boolean;
  readonly allowExitOnIdle: boolean;
}

/** Rejects with `UsageError` when the package is not installed. */
export async function loadDriver(): Promise<PostgresDriver> {
  try {
    return (await import('pg')).default;
  } catch (error) {
    if (typeof error !== 'object' || error === null || Reflect.get(error, 'code') !== 'ERR_MODULE_NOT_FOUND')
      throw error;
    throw new UsageError('the store "postgres:" needs the package "pg"; install it with "npm install pg@8"');
  }
}
