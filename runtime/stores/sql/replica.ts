import { decide, type Incoming, type Outcome, type Stored } from '../../guard.js';
import { inOrderOfIds } from '../id-order.js';
import { columnValues, rowOf } from '../replica-row.js';
import type { BucketDigest, BucketPage, EntityVersion, Presence, ReplicaTable, ReplicaWrite } from '../store.js';
import { assertStorable } from '../version-bounds.js';
import type { SqlClient, SqlRow } from './client.js';
import { bucketSql, digest } from './digest.js';
import type { GuardedStatements } from './guarded-sql.js';
import { guardedStatements, readGuarded, readManyGuarded, writeGuarded, writeManyGuarded } from './guarded-write.js';
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
  return writeGuarded(client, statementsOf(client, table), [id], columnValues(table, row), message);
}

export async function putReplicas(
  client: SqlClient,
  table: ReplicaTable,
  writes: readonly ReplicaWrite[],
): Promise<readonly Outcome[]> {
  const rows = inOrderOfIds(writes).map(({ id, row, incoming }) => ({
    id,
    payload: columnValues(table, row),
    incoming: { ...incoming, deleted: row === null },
  }));
  const outcomes = await writeManyGuarded(client, statementsOf(client, table), rows);
  return writes.flatMap(({ id }) => outcomes.get(id) ?? []);
}

export async function peekReplica(
  client: SqlClient,
  table: ReplicaTable,
  id: string,
  incoming: Incoming,
): Promise<Outcome> {
  assertStorable(incoming);
  return decide(await replicaVersion(client, table, id), incoming);
}

export async function replicaVersion(client: SqlClient, table: ReplicaTable, id: string): Promise<Stored | undefined> {
  return readGuarded(client, statementsOf(client, table).read, [id]);
}

export async function getReplica(client: SqlClient, table: ReplicaTable, id: string): Promise<Row | null> {
  const [row] = await client.query(`${liveRows(client, table)} and sw_id = $1::text`, [id]);
  return row === undefined ? null : readable(table, row);
}

export async function listReplica(
  client: SqlClient,
  table: ReplicaTable,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly Row[]> {
  const rows = await client.query(
    `${liveRows(client, table)}${after === undefined ? '' : ' and sw_id > $2::text'} order by sw_id limit $1::bigint`,
    [limit, ...(after === undefined ? [] : [after])],
  );
  return rows.map((row) => readable(table, row));
}

export async function replicaPresence(client: SqlClient, table: ReplicaTable, id: string): Promise<Presence> {
  return presenceOf(await replicaVersion(client, table, id));
}

export async function replicaPresences(
  client: SqlClient,
  table: ReplicaTable,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Presence>> {
  const stored = await readManyGuarded(client, statementsOf(client, table).readMany, ids);
  return new Map(ids.map((id) => [id, presenceOf(stored.get(id))]));
}

export async function replicaDigest(
  client: SqlClient,
  table: ReplicaTable,
  { buckets }: { readonly buckets: number },
): Promise<readonly BucketDigest[]> {
  const name = `${client.schema}.${quoted(copyTable(table))}`;
  const entities = `select sw_id as id, sw_epoch as epoch, sw_seq as sequence, sw_deleted as deleted from ${name}`;
  return digest(client, entities, buckets);
}

export async function listReplicaVersions(
  client: SqlClient,
  table: ReplicaTable,
  { bucket, buckets, after, limit }: BucketPage,
): Promise<readonly EntityVersion[]> {
  const rows = await client.query(
    `select sw_id as id, sw_epoch::text as epoch, sw_seq::text as sequence, sw_tie as tie, sw_deleted as deleted
from ${client.schema}.${quoted(copyTable(table))}
where ${bucketSql('sw_id', '$1::bigint')} = $2::bigint${after === undefined ? '' : ' and sw_id > $4::text'}
order by sw_id limit $3::bigint`,
    [buckets, bucket, limit, ...(after === undefined ? [] : [after])],
  );
  return rows.map((row) => ({
    id: String(row.id),
    version: { epoch: Number(row.epoch), sequence: BigInt(String(row.sequence)), tie: String(row.tie) },
    deleted: row.deleted === true,
  }));
}

function presenceOf(stored: Stored | undefined): Presence {
  if (stored === undefined) return 'unknown';
  return stored.deleted ? 'deleted' : 'live';
}

const made = new WeakMap<ReplicaTable, (schema: string) => GuardedStatements>();

function statementsOf({ schema }: SqlClient, table: ReplicaTable): GuardedStatements {
  let statements = made.get(table);
  if (statements === undefined) {
    const payload = table.columns.map((column) => ({ name: quoted(column.name), type: column.type }));
    statements = guardedStatements({ name: quoted(copyTable(table)), keys: ['sw_id'], payload });
    made.set(table, statements);
  }
  return statements(schema);
}

/** Short aliases: drivers build objects from column names, and one may be called `__proto__`. */
function liveRows({ schema }: SqlClient, table: ReplicaTable): string {
  const aliases = table.columns.map((column, index) => `, ${quoted(column.name)} as c${index}`).join('');
  return `select sw_id${aliases} from ${schema}.${quoted(copyTable(table))} where not sw_deleted`;
}

function readable(table: ReplicaTable, row: SqlRow): Row {
  const values = table.columns.map((_, index) => row[`c${index}`]);
  return rowOf(table, values, (parsedByDriver) => parsedByDriver);
}
