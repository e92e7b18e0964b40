import { formatInstant } from '../../instant.js';
import { microsecondsOf, toldVersion } from '../owned-version.js';
import type { BucketDigest, BucketPage, OwnedState, ToldVersion, VersionKind } from '../store.js';
import type { SqlClient, SqlRow } from './client.js';
import { bucketSql, digest } from './digest.js';
import { lock } from './lock.js';
import { key, type SqlTable } from './table.js';

/** Survives the deletion of the entity: the only place where its versions are made. Instants count microseconds. */
export const ownedTable: SqlTable = {
  name: 'sw_owned',
  columns: [
    key('entity'),
    key('entity_id'),
    { name: 'epoch', type: 'bigint', more: 'not null default 0' },
    { name: 'sequence', type: 'bigint', more: 'not null' },
    { name: 'changed_at', type: 'bigint', more: 'not null' },
    { name: 'published_sequence', type: 'bigint', more: 'not null default 0' },
    { name: 'deleted', type: 'boolean', more: 'not null' },
    { name: 'state', type: 'json', more: 'not null' },
    { name: 'published_at', type: 'bigint', more: 'not null default 0' },
    { name: 'published_deleted', type: 'boolean', more: 'not null default false' },
  ],
  primaryKey: ['entity', 'entity_id'],
  indexes: [{ name: 'sw_owned_tombstones', on: '(changed_at) where deleted' }],
};

const columns = `kept.entity_id, kept.epoch::text as epoch, kept.sequence::text as sequence, kept.changed_at::text as changed_at,
  kept.published_sequence::text as published_sequence, kept.deleted, kept.state`;

export async function owned(client: SqlClient, entity: string, id: string): Promise<OwnedState | null> {
  const select = `select ${columns} from ${client.schema}.sw_owned as kept where entity = $1::text and entity_id = $2::text for update`;
  const [present] = await client.query(select, [entity, id]);
  if (present !== undefined) return stateOf(present);
  // There is no row to lock yet: of two first changes, the second waits here and then sees what the first one told.
  await lock(client, [JSON.stringify(['owned', entity, id])]);
  const [made] = await client.query(select, [entity, id]);
  return made === undefined ? null : stateOf(made);
}

export async function advanceOwned(
  client: SqlClient,
  entity: string,
  id: string,
  change: { readonly state: unknown; readonly deleted: boolean; readonly nowMs: number },
): Promise<OwnedState> {
  const [row] = await client.query(
    `insert into ${client.schema}.sw_owned as kept (entity, entity_id, epoch, sequence, changed_at, deleted, state)
values ($1::text, $2::text, coalesce((select text::bigint from ${client.schema}.sw_note where name = $6::text), 0),
  1, $3::bigint, $4::boolean, $5::json)
on conflict (entity, entity_id) do update set
  sequence = kept.sequence + 1,
  changed_at = greatest(excluded.changed_at, kept.changed_at + 1),
  deleted = excluded.deleted,
  state = excluded.state
returning ${columns}`,
    [
      ...[entity, id, microsecondsOf(change.nowMs), change.deleted, JSON.stringify(change.state ?? null)],
      epochNote(entity),
    ],
  );
  return stateOf(row ?? {});
}

/** Where the epoch is noted in which new entities of a name begin: above those whose tombstones have been purged. */
export function epochNote(entity: string): string {
  return `epoch of ${entity}`;
}

export async function markPublished(client: SqlClient, entity: string, id: string): Promise<void> {
  await client.query(
    `update ${client.schema}.sw_owned
set published_sequence = sequence, published_at = changed_at, published_deleted = deleted
where entity = $1::text and entity_id = $2::text`,
    [entity, id],
  );
}

export async function listOwned(
  client: SqlClient,
  entity: string,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly (OwnedState & { readonly id: string })[]> {
  const rows = await client.query(
    `select ${columns} from ${client.schema}.sw_owned as kept
where entity = $1::text${after === undefined ? '' : ' and entity_id > $3::text'}
order by entity_id limit $2::bigint`,
    [entity, limit, ...(after === undefined ? [] : [after])],
  );
  return rows.map((row) => ({ id: String(row.entity_id), ...stateOf(row) }));
}

export async function ownedDigest(
  client: SqlClient,
  entity: string,
  { buckets, versions }: { readonly buckets: number; readonly versions: VersionKind },
): Promise<readonly BucketDigest[]> {
  const version =
    versions === 'sequence'
      ? 'epoch, published_sequence as sequence'
      : '0::bigint as epoch, published_at * 1000 as sequence';
  const told = `select entity_id as id, ${version}, published_deleted as deleted
from ${client.schema}.sw_owned where entity = $2::text and published_sequence > 0`;
  return digest(client, told, buckets, [entity]);
}

export async function listOwnedVersions(
  client: SqlClient,
  entity: string,
  { bucket, buckets, after, limit, versions }: BucketPage & { readonly versions: VersionKind },
): Promise<readonly ToldVersion[]> {
  const rows = await client.query(
    `select ${columns}, published_at::text as published_at, published_deleted from ${client.schema}.sw_owned as kept
where entity = $1::text and published_sequence > 0 and ${bucketSql('entity_id', '$2::bigint')} = $3::bigint
  ${after === undefined ? '' : 'and entity_id > $5::text'}
order by entity_id limit $4::bigint`,
    [entity, buckets, bucket, limit, ...(after === undefined ? [] : [after])],
  );
  return rows.map((row) =>
    toldVersion(
      {
        id: String(row.entity_id),
        epoch: Number(row.epoch),
        sequence: integer(row.sequence),
        changedAt: integer(row.changed_at),
        deleted: row.deleted === true,
        publishedSequence: integer(row.published_sequence),
        publishedAt: integer(row.published_at),
        publishedDeleted: row.published_deleted === true,
      },
      versions,
    ),
  );
}

function stateOf(row: SqlRow): OwnedState {
  return {
    version: { epoch: Number(row.epoch), sequence: integer(row.sequence), tie: '' },
    changedAt: formatInstant(integer(row.changed_at)),
    deleted: row.deleted === true,
    publishedSequence: integer(row.published_sequence),
    state: row.state,
  };
}

function integer(value: unknown): bigint {
  return BigInt(String(value));
}
