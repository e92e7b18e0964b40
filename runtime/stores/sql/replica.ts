import { decide, type Incoming, type Outcome } from '../../guard.js';
import { columnValues, rowOf } from '../replica-row.js';
import type { Presence, ReplicaTable } from '../store.js';
import { assertStorable } from '../version-bounds.js';
import type { SqlClient } from './client.js';
import { type GuardedStatements, guardedStatements, readGuarded, writeGuarded } from './guarded-write.js';
import { quoted } from './identifier.js';

type Row = Readonly<Record<string, unknown>>;

/** Name of the table behind a copy's view. */
export function copyTable(table: ReplicaTable): string {
  return `sw_copy_${table.name}`;
}

export async function putReplica(
  client: SqlClient,
  table: ReplicaTable,
  id: string,
  row: Row | null,
  incoming: Incoming,
): Promise<Outcome> {
  const message = { ...incoming, deleted: row === null };
  return writeGuarded(client, statementsOf(table), [id], columnValues(table, row), message);
}

export async function peekReplica(
  client: SqlClient,
  table: ReplicaTable,
  id: string,
  incoming: Incoming,
): Promise<Outcome> {
  assertStorable(incoming);
  return decide(await readGuarded(client, statementsOf(table).read, [id]), incoming);
}

export async function getReplica(client: SqlClient, table: ReplicaTable, id: string): Promise<Row | null> {
  const [row] = await client.query(`${statementsOf(table).live} and sw_id = $1::text`, [id]);
  return row === undefined ? null : readable(table, row);
}

export async function listReplica(
  client: SqlClient,
  table: ReplicaTable,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly Row[]> {
  const rows = await client.query(
    `${statementsOf(table).live} and ($1::text is null or sw_id > $1::text) order by sw_id limit $2::bigint`,
    [after ?? null, limit],
  );
  return rows.map((row) => readable(table, row));
}

export async function replicaPresence(client: SqlClient, table: ReplicaTable, id: string): Promise<Presence> {
  const stored = await readGuarded(client, statementsOf(table).read, [id]);
  if (stored === undefined) return 'unknown';
  return stored.deleted ? 'deleted' : 'live';
}

interface ReplicaStatements extends GuardedStatements {
  readonly live: string;
}

/** Statements are text over names only, so they are made once per table. */
const made = new WeakMap<ReplicaTable, ReplicaStatements>();

function statementsOf(table: ReplicaTable): ReplicaStatements {
  const known = made.get(table);
  if (known !== undefined) return known;
  const name = quoted(copyTable(table));
  const payload = table.columns.map((column) => ({ name: quoted(column.name), type: column.type }));
  // Short aliases: drivers build objects from column names, and one may be called `__proto__`.
  const aliases = payload.map((column, index) => `, ${column.name} as c${index}`).join('');
  const live = `select sw_id${aliases} from ${name} where not sw_deleted`;
  const statements = { ...guardedStatements({ name, keys: ['sw_id'], payload }), live };
  made.set(table, statements);
  return statements;
}

function readable(table: ReplicaTable, row: Row): Row {
  const values = table.columns.map((_, index) => row[`c${index}`]);
  return rowOf(table, values, (parsedByDriver) => parsedByDriver);
}
