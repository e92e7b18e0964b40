/** One database connection; statements run one after the other. */
export interface SqlClient {
  /** The service's schema, quoted. Every table of the runtime is named with it, so that no search path can lead a statement astray. */
  readonly schema: string;
  /**
   * Rows as objects by column name; rejects with the driver's error, whose `code` is the SQLSTATE. For the runtime's own statements: there are few texts, and
   * a driver may keep each prepared for as long as the connection lives.
   */
  query(text: string, values?: readonly unknown[]): Promise<readonly SqlRow[]>;
  /** The same for a text that may never come again, such as a user's. */
  queryOnce(text: string, values?: readonly unknown[]): Promise<readonly SqlRow[]>;
}

export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * A database with one schema for one service.
 *
 * Promises: `transaction` begins READ COMMITTED with the schema as search path, commits when `work` resolves and rolls back when it rejects; `alone`
 * runs `work` without a transaction around it, so that each statement commits by itself. Both reject with `UnavailableError` while the database cannot be
 * reached or takes no writes.
 * Does not promise: that two transactions can be open at once; a member with one connection queues them.
 */
export interface SqlConnection {
  transaction<T>(work: (client: SqlClient) => Promise<T>): Promise<T>;
  alone<T>(work: (client: SqlClient) => Promise<T>): Promise<T>;
  /** Runs `work` in the transaction that its user has begun on a client of the driver; goes back to where it was when `work` rejects. */
  within?<T>(client: object, work: (client: SqlClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** SQLSTATE of a driver's error; undefined for everything else. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
