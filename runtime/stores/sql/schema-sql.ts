import { UsageError } from '../../errors.js';
import type { ReplicaTable } from '../store.js';
import { guardTable } from './guard.js';
import { guardColumns } from './guarded-write.js';
import { quoted } from './identifier.js';
import { inboxTable } from './inbox.js';
import { noteTable } from './note.js';
import { outboxTable } from './outbox.js';
import { ownedTable } from './owned.js';
import { parkedTable } from './parked.js';
import { copyTable } from './replica.js';
import { replyTable } from './reply.js';
import { sagaTables } from './saga.js';
import { createIndexes, createTable, key, type SqlTable } from './table.js';

/** Names of the runtime's own tables and columns begin so. */
const reserved = 'sw_';

/** The tables that every service has. */
export const runtimeTables: readonly SqlTable[] = [
  inboxTable,
  guardTable,
  ownedTable,
  outboxTable,
  parkedTable,
  noteTable,
  replyTable,
  ...sagaTables,
];

/**
 * Everything that a service's store needs, as statements that may be run again: schema, the runtime's tables, and a table and a view per copy. What
 * `prepare` does at every start on an empty database; a database that has older tables is better left to `prepare`, which knows what they lack.
 *
 * Throws `UsageError` for names that a database cannot hold or that belong to the runtime.
 */
export function schemaSql(schema: string, tables: readonly ReplicaTable[]): string {
  const name = quoted(schema);
  return statementsText([
    `create schema if not exists ${name}`,
    ...runtimeTables.flatMap((table) => [createTable(name, table), ...createIndexes(name, table)]),
    ...replicaStatements(name, tables),
  ]);
}

/** The part of `schemaSql` that depends on the contracts: the tables and views of the copies. */
export function replicaSql(schema: string, tables: readonly ReplicaTable[]): string {
  return statementsText(replicaStatements(quoted(schema), tables));
}

function replicaStatements(schema: string, tables: readonly ReplicaTable[]): readonly string[] {
  const problems = replicaProblems(tables);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return tables.flatMap((table) => {
    const columns = table.columns.map((column) => column.name);
    const physical = replicaTable(table);
    return [createTable(schema, physical), ...createIndexes(schema, physical), replicaView(schema, table, columns)];
  });
}

function statementsText(statements: readonly string[]): string {
  return statements.map((statement) => `${statement};\n`).join('\n');
}

/** The table behind a copy. */
export function replicaTable(table: ReplicaTable): SqlTable {
  return {
    name: copyTable(table),
    columns: [key('sw_id'), ...table.columns.map(({ name, type }) => ({ name, type })), ...guardColumns],
    primaryKey: ['sw_id'],
    // Of nothing that a live row's update changes; see the guard's.
    indexes: [{ name: `sw_gone_${table.name}`, on: '(sw_deleted) where sw_deleted' }],
  };
}

/** The view of a copy's live rows; a view can be replaced only by one whose columns begin alike. */
export function replicaView(schema: string, table: ReplicaTable, columns: readonly string[]): string {
  const shown = columns.map((column) => `, ${quoted(column)}`).join('');
  return `create or replace view ${schema}.${quoted(table.name)} as
select sw_id${shown} from ${schema}.${quoted(copyTable(table))} where not sw_deleted`;
}

/** What no database could hold: reserved names, and two copies of one name. */
export function replicaProblems(tables: readonly ReplicaTable[]): readonly string[] {
  const clashes = tables
    .filter(({ name }, index) => tables.findIndex((other) => other.name === name) !== index)
    .map(({ name }) => `two copies are called "${name}"`);
  const taken = tables.flatMap((table) =>
    [table.name, ...table.columns.map((column) => column.name)]
      .filter((own) => own.startsWith(reserved))
      .map((own) => `"${own}" of the copy "${table.name}": names with "${reserved}" are the runtime's`),
  );
  return [...clashes, ...taken];
}
