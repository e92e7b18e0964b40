import type { ReplicaColumn, ReplicaTable } from '../store.js';
import type { SqlClient } from './client.js';
import { guardColumns } from './guarded-write.js';
import { quoted } from './identifier.js';
import { copyTable } from './replica.js';

/** Names of the runtime's own tables and columns begin so. */
const reserved = 'sw_';

/** Makes or widens the table of a copy and its view of the live rows; answers what cannot be done here and the statement that does it. */
export async function prepareReplica(
  client: SqlClient,
  schema: string,
  table: ReplicaTable,
): Promise<readonly string[]> {
  const name = quoted(copyTable(table));
  const view = quoted(table.name);
  const taken = [table.name, ...table.columns.map((column) => column.name)].filter((own) => own.startsWith(reserved));
  if (taken.length > 0)
    return taken.map((own) => `"${own}" of the copy "${table.name}": names with "${reserved}" are the runtime's`);

  const payload = table.columns.map((column) => `\n  ${quoted(column.name)} ${column.type},`).join('');
  await client.query(`create table if not exists ${name} (
  sw_id text collate "C" primary key,${payload}${guardColumns}
)`);
  const present = await presentColumns(client, name);
  const qualified = `${quoted(schema)}.${name}`;
  const problems = differences(table.columns, present).map(
    ({ fact, change }) =>
      `the copy "${table.name}" does not fit its contract: ${fact}; to change it, run: drop view if exists ${quoted(schema)}.${view}; alter table ${qualified} ${change};`,
  );
  if (await isForeign(client, view)) {
    problems.push(`"${table.name}" in schema "${schema}" is not a view: rename it, the name belongs to the copy`);
  }
  if (problems.length > 0) return problems;

  for (const column of table.columns.filter(({ name: own }) => !present.has(own))) {
    await client.query(`alter table ${name} add column ${quoted(column.name)} ${column.type}`);
  }
  // In the order of the table, where added columns come last: a view can be replaced only by one that begins alike.
  const shown = [...(await presentColumns(client, name)).keys()].map((column) => `, ${quoted(column)}`);
  await client.query(
    `create or replace view ${view} as select sw_id${shown.join('')} from ${name} where not sw_deleted`,
  );
  return [];
}

/** The contract's columns that the table has, with their types, in the order they were added. */
async function presentColumns(client: SqlClient, table: string): Promise<ReadonlyMap<string, string>> {
  const rows = await client.query(
    `select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
where attrelid = to_regclass($1::text) and attnum > 0 and not attisdropped and not starts_with(attname::text, '${reserved}')
order by attnum`,
    [table],
  );
  return new Map(rows.map((row) => [String(row.name), String(row.type)]));
}

/** Whether the view's name belongs to something that is not a view, such as a table of the user's. */
async function isForeign(client: SqlClient, view: string): Promise<boolean> {
  const found = await client.query("select from pg_class where oid = to_regclass($1::text) and relkind <> 'v'", [view]);
  return found.length > 0;
}

function differences(
  wanted: readonly ReplicaColumn[],
  present: ReadonlyMap<string, string>,
): readonly { readonly fact: string; readonly change: string }[] {
  const retyped = wanted.flatMap(({ name, type }) => {
    const now = present.get(name);
    if (now === undefined || now === type) return [];
    const column = quoted(name);
    return [
      {
        fact: `column "${name}" is ${now}, the contract says ${type}`,
        change: `alter column ${column} type ${type} using ${column}::${type}`,
      },
    ];
  });
  const dropped = [...present.keys()]
    .filter((name) => !wanted.some((column) => column.name === name))
    .map((name) => ({ fact: `column "${name}" is not in the contract`, change: `drop column ${quoted(name)}` }));
  return [...retyped, ...dropped];
}
