import { UsageError } from '../../errors.js';
import type { Store, Transaction } from '../store.js';
import { type SqlClient, type SqlConnection, sqlState } from './client.js';
import { prepareSchema } from './schema.js';
import { sqlTransaction } from './transaction.js';

const attemptsMax = 5;
/** serialization_failure and deadlock_detected: the same work may pass the next time. */
const retriable = new Set(['40001', '40P01']);

/** A store over any PostgreSQL: the driver's file brings the connection, everything else is shared. */
export function sqlStore(options: {
  readonly kind: string;
  readonly schema: string;
  readonly connection: SqlConnection;
}): Store {
  const { kind, schema, connection } = options;
  return {
    kind,
    prepare: (tables) => retried(() => connection.transaction((client) => prepareSchema(client, schema, tables))),
    transaction: (work) => retried(() => connection.transaction((client) => honest(client, work))),
    close: () => connection.close(),
  };
}

async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt === attemptsMax || !retriable.has(sqlState(error) ?? '')) throw error;
    }
  }
}

/**
 * Runs the work and sees that its success is one. After an error PostgreSQL answers COMMIT with a silent rollback: work that swallowed the error would
 * count as done, and its message would be acknowledged and lost. A work that went back to a savepoint may go on.
 */
async function honest<T>(client: SqlClient, work: (tx: Transaction) => Promise<T>): Promise<T> {
  let failure: { readonly error: unknown } | undefined;
  let over = false;
  const watched: SqlClient = {
    async query(text, values) {
      if (over) throw new UsageError('the transaction is over');
      try {
        return await client.query(text, values);
      } catch (error) {
        failure ??= { error };
        throw error;
      }
    },
  };
  try {
    const result = await work(sqlTransaction(watched));
    if (failure !== undefined) await probe(client, failure.error);
    return result;
  } finally {
    over = true;
  }
}

async function probe(client: SqlClient, cause: unknown): Promise<void> {
  try {
    await client.query('select');
  } catch {
    throw cause;
  }
}
