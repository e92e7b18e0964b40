/** One database connection inside one transaction; statements run one after the other. */
export interface SqlClient {
  /** Rows as objects by column name; rejects with the driver's error, whose `code` is the SQLSTATE. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/**
 * A database with one schema for one service.
 *
 * Promises: `transaction` begins READ COMMITTED with the schema as search path, commits when `work` resolves and rolls back when it rejects.
 * Does not promise: that two transactions can be open at once; a member with one connection queues them.
 */
export interface SqlConnection {
  transaction<T>(work: (client: SqlClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** SQLSTATE of a driver's error; undefined for everything else. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
