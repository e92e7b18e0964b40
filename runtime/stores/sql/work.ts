import { UsageError } from '../../errors.js';
import type { SqlClient, SqlRow } from './client.js';

/**
 * Runs work on a connection and sees that its success is one. After an error PostgreSQL answers COMMIT with a silent rollback: work that swallowed the
 * error would count as done, and its message would be acknowledged and lost. Work that went back to a savepoint may go on.
 *
 * Statements that the work issues side by side run one after the other, and none after its end, when the connection is somebody else's.
 */
export async function runWork<T>(client: SqlClient, work: (client: SqlClient) => Promise<T>): Promise<T> {
  let failure: { readonly error: unknown } | undefined;
  let over = false;
  let last: Promise<unknown> = Promise.resolve();

  async function statement(run: () => Promise<readonly SqlRow[]>): Promise<readonly SqlRow[]> {
    if (over) throw new UsageError('the transaction is over');
    try {
      return await run();
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  }

  function inTurn(run: () => Promise<readonly SqlRow[]>): Promise<readonly SqlRow[]> {
    const turn = last.then(() => statement(run));
    last = turn.catch(() => {});
    return turn;
  }

  try {
    const result = await work({
      schema: client.schema,
      query: (text, values) => inTurn(() => client.query(text, values)),
      queryOnce: (text, values) => inTurn(() => client.queryOnce(text, values)),
    });
    if (failure !== undefined) await refuseAborted(client, failure.error);
    return result;
  } finally {
    over = true;
  }
}

async function refuseAborted(client: SqlClient, cause: unknown): Promise<void> {
  try {
    await client.queryOnce('select');
  } catch {
    throw cause;
  }
}
