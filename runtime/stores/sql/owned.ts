import { formatInstant } from '../../instant.js';
import { microsecondsOf } from '../owned-version.js';
import type { OwnedState } from '../store.js';
import type { SqlClient } from './client.js';

/** Survives the deletion of the entity: the only place where its versions are made. `changed_at` counts microseconds. */
export const ownedTable = `
create table if not exists sw_owned (
  entity text collate "C" not null,
  entity_id text collate "C" not null,
  epoch bigint not null default 0,
  sequence bigint not null,
  changed_at bigint not null,
  published_sequence bigint not null default 0,
  deleted boolean not null,
  state json not null,
  primary key (entity, entity_id)
)`;

const columns = `kept.entity_id, kept.epoch::text as epoch, kept.sequence::text as sequence, kept.changed_at::text as changed_at,
  kept.published_sequence::text as published_sequence, kept.deleted, kept.state`;

export async function owned(client: SqlClient, entity: string, id: string): Promise<OwnedState | null> {
  const select = `select ${columns} from sw_owned as kept where entity = $1::text and entity_id = $2::text for update`;
  const [present] = await client.query(select, [entity, id]);
  if (present !== undefined) return stateOf(present);
  // There is no row to lock yet: of two first changes, the second waits here and then sees what the first one told.
  const name = JSON.stringify(['owned', entity, id]);
  await client.query("select pg_advisory_xact_lock(hashtextextended(current_schema() || ':' || $1::text, 0))", [name]);
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
    `insert into sw_owned as kept (entity, entity_id, sequence, changed_at, deleted, state)
values ($1::text, $2::text, 1, $3::bigint, $4::boolean, $5::json)
on conflict (entity, entity_id) do update set
  sequence = kept.sequence + 1,
  changed_at = greatest(excluded.changed_at, kept.changed_at + 1),
  deleted = excluded.deleted,
  state = excluded.state
returning ${columns}`,
    [entity, id, microsecondsOf(change.nowMs), change.deleted, JSON.stringify(change.state ?? null)],
  );
  return stateOf(row ?? {});
}

export async function markPublished(client: SqlClient, entity: string, id: string): Promise<void> {
  await client.query(
    'update sw_owned set published_sequence = sequence where entity = $1::text and entity_id = $2::text',
    [entity, id],
  );
}

export async function listOwned(
  client: SqlClient,
  entity: string,
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<readonly (OwnedState & { readonly id: string })[]> {
  const rows = await client.query(
    `select ${columns} from sw_owned as kept
where entity = $1::text and ($2::text is null or entity_id > $2::text)
order by entity_id limit $3::bigint`,
    [entity, after ?? null, limit],
  );
  return rows.map((row) => ({ id: String(row.entity_id), ...stateOf(row) }));
}

function stateOf(row: Readonly<Record<string, unknown>>): OwnedState {
  return {
    version: { epoch: Number(row.epoch), sequence: BigInt(String(row.sequence)), tie: '' },
    changedAt: formatInstant(BigInt(String(row.changed_at))),
    deleted: row.deleted === true,
    publishedSequence: BigInt(String(row.published_sequence)),
    state: row.state,
  };
}
