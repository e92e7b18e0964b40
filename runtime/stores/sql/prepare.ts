import { UsageError } from '../../errors.js';
import type { ReplicaTable } from '../store.js';
import type { SqlClient } from './client.js';
import { quoted } from './identifier.js';
import { replicaProblems, replicaTable, replicaView, runtimeTables } from './schema-sql.js';
import { addColumn, createIndexes, createTable, type SqlTable } from './table.js';

/** Which changes a start makes to the database: the additive ones, or none. */
export type Prepare = 'apply' | 'check';

/**
 * Makes the schema, the runtime's tables, and a table and a view per copy; runs at every start. With `check` it changes nothing and only looks.
 *
 * Throws `UsageError` with every difference that it does not make good, and the statements that do.
 */
export async function prepareSchema(
  client: SqlClient,
  tables: readonly ReplicaTable[],
  mode: Prepare = 'apply',
): Promise<void> {
  const refused = replicaProblems(tables);
  if (refused.length > 0) throw new UsageError(refused.join('\n'));
  const problems = mode === 'apply' ? await apply(client, tables) : await check(client, tables);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
}

async function apply(client: SqlClient, tables: readonly ReplicaTable[]): Promise<readonly string[]> {
  const { schema } = client;
  // Two processes of one service start at once: `if not exists` alone lets the second one fail on the catalog's unique index.
  await client.queryOnce("select pg_advisory_xact_lock(hashtextextended('seamwright.schema', 0))");
  await client.queryOnce(`create schema if not exists ${schema}`);
  const problems: string[] = [];
  for (const table of runtimeTables) problems.push(...(await applyTable(client, table)));
  for (const table of tables) {
    const found = [...(await applyTable(client, replicaTable(table), table)), ...(await foreignView(client, table))];
    problems.push(...found);
    if (found.length > 0) continue;
    // In the order of the table, where added columns come last.
    const present = await presentColumns(client, replicaTable(table));
    const shown = [...present.keys()].filter((name) => table.columns.some((column) => column.name === name));
    await client.queryOnce(replicaView(schema, table, shown));
  }
  return problems;
}

/** Makes or widens a table; answers what cannot be done here, with the statement that does it. */
async function applyTable(client: SqlClient, table: SqlTable, copy?: ReplicaTable): Promise<readonly string[]> {
  await client.queryOnce(createTable(client.schema, table));
  const present = await presentColumns(client, table);
  const problems = differences(client, table, present, copy);
  if (problems.length > 0) return problems;
  for (const column of table.columns.filter(({ name }) => !present.has(name))) {
    await client.queryOnce(addColumn(client.schema, table, column));
  }
  for (const statement of createIndexes(client.schema, table)) await client.queryOnce(statement);
  return [];
}

async function check(client: SqlClient, tables: readonly ReplicaTable[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const table of runtimeTables) problems.push(...(await checkTable(client, table)));
  for (const table of tables) {
    problems.push(...(await checkTable(client, replicaTable(table), table)), ...(await foreignView(client, table)));
    problems.push(...(await checkView(client, table)));
  }
  return problems.length === 0
    ? []
    : [...problems, 'the store may not change its tables: let somebody run the schema.sql of this service who may'];
}

async function checkTable(client: SqlClient, table: SqlTable, copy?: ReplicaTable): Promise<readonly string[]> {
  const present = await presentColumns(client, table);
  if (present.size === 0) return [`there is no table ${client.schema}.${quoted(table.name)}`];
  const missing = table.columns
    .filter(({ name }) => !present.has(name))
    .map((column) => {
      const change = addColumn(client.schema, table, column);
      return `the table ${client.schema}.${quoted(table.name)} has no column "${column.name}"; to add it, run: ${change};`;
    });
  return [...missing, ...differences(client, table, present, copy)];
}

async function checkView(client: SqlClient, table: ReplicaTable): Promise<readonly string[]> {
  const shown = await presentColumns(client, table);
  const missing = ['sw_id', ...table.columns.map(({ name }) => name)].filter((name) => !shown.has(name));
  if (missing.length === 0) return [];
  const view = `${client.schema}.${quoted(table.name)}`;
  return [`the view ${view} does not show ${missing.map((name) => `"${name}"`).join(', ')}`];
}

/** The table's or view's columns with their types, in the order they were added; none when there is no such thing. */
async function presentColumns(
  { schema, queryOnce }: SqlClient,
  { name }: { readonly name: string },
): Promise<ReadonlyMap<string, string>> {
  const rows = await queryOnce(
    `select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
where attrelid = to_regclass($1::text) and attnum > 0 and not attisdropped
order by attnum`,
    [`${schema}.${quoted(name)}`],
  );
  return new Map(rows.map((row) => [String(row.name), String(row.type)]));
}

/** The view's name may belong to something that is not a view, such as a table of the user's. */
async function foreignView({ schema, queryOnce }: SqlClient, { name }: ReplicaTable): Promise<readonly string[]> {
  const found = await queryOnce("select from pg_class where oid = to_regclass($1::text) and relkind <> 'v'", [
    `${schema}.${quoted(name)}`,
  ]);
  return found.length === 0
    ? []
    : [`"${name}" in schema ${schema} is not a view: rename it, the name belongs to the copy`];
}

function differences(
  { schema }: SqlClient,
  table: SqlTable,
  present: ReadonlyMap<string, string>,
  copy?: ReplicaTable,
): readonly string[] {
  const retyped = table.columns.flatMap(({ name, type }) => {
    const now = present.get(name);
    if (now === undefined || now === type) return [];
    const column = quoted(name);
    return [
      {
        fact: `column "${name}" is ${now}, ${copy === undefined ? 'the runtime needs' : 'the contract says'} ${type}`,
        change: `alter column ${column} type ${type} using ${column}::${type}`,
      },
    ];
  });
  // Columns of the runtime's tables that it does not know come from a newer version of it: they have defaults.
  const dropped = [...present.keys()]
    .filter((name) => copy !== undefined && !table.columns.some((column) => column.name === name))
    .map((name) => ({ fact: `column "${name}" is not in the contract`, change: `drop column ${quoted(name)}` }));
  const subject = copy === undefined ? `the table "${table.name}"` : `the copy "${copy.name}"`;
  const first = copy === undefined ? '' : `drop view if exists ${schema}.${quoted(copy.name)}; `;
  return [...retyped, ...dropped].map(
    ({ fact, change }) =>
      `${subject} does not fit ${copy === undefined ? 'the runtime' : 'its contract'}: ${fact}; to change it, run: ${first}alter table ${schema}.${quoted(table.name)} ${change};`,
  );
}
