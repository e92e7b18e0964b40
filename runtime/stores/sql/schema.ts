import { UsageError } from '../../errors.js';
import type { ReplicaTable } from '../store.js';
import type { SqlClient } from './client.js';
import { guardTable } from './guard.js';
import { quoted } from './identifier.js';
import { inboxTable } from './inbox.js';
import { outboxTables } from './outbox.js';
import { ownedTable } from './owned.js';
import { parkedTables } from './parked.js';
import { prepareReplica } from './replica-schema.js';

/**
 * Makes the schema, the runtime's tables, and a table and a view per copy; runs at every start.
 *
 * Throws `UsageError` with every difference that cannot be made good by adding a column, and the statements that can.
 */
export async function prepareSchema(client: SqlClient, schema: string, tables: readonly ReplicaTable[]): Promise<void> {
  // Two processes of one service start at once: `if not exists` alone lets the second one fail on the catalog's unique index.
  await client.query("select pg_advisory_xact_lock(hashtextextended('seamwright.schema', 0))");
  await client.query(`create schema if not exists ${quoted(schema)}`);
  for (const statement of [inboxTable, guardTable, ownedTable, ...outboxTables, ...parkedTables]) {
    await client.query(statement);
  }
  const problems = [...clashes(tables)];
  for (const table of tables) problems.push(...(await prepareReplica(client, schema, table)));
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}

function clashes(tables: readonly ReplicaTable[]): readonly string[] {
  return tables
    .filter(({ name }, index) => tables.findIndex((other) => other.name === name) !== index)
    .map(({ name }) => `two copies are called "${name}"`);
}
