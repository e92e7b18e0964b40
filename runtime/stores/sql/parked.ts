import { parkedReason } from '../parked-reason.js';
import type { ParkedMessage, ParkedReason, TakeParked } from '../store.js';
import type { SqlClient } from './client.js';
import { wireColumns, wireOf, wireValues } from './wire.js';

/** `place` is empty for a state, so that states share one row per consumer and entity, and the message id for a delta. */
export const parkedTables = [
  `
create table if not exists sw_parked (
  consumer text collate "C" not null,
  entity text collate "C" not null,
  entity_id text collate "C" not null,
  place text collate "C" not null,
  message_id text collate "C" not null,
  dependency_entity text collate "C" not null,
  dependency_id text collate "C" not null,
  epoch bigint not null,
  sequence bigint not null,
  tie text collate "C" not null,
  carries text,
  parked_at double precision not null,
  timeout_at double precision not null,
  expires_at double precision not null,
  attempts integer not null,
  ready boolean not null default false,
  swept_at double precision not null default 0,${wireColumns},
  primary key (consumer, entity, entity_id, place)
)`,
  'create index if not exists sw_parked_by_dependency on sw_parked (dependency_entity, dependency_id) where not ready',
];

const columns = [
  'consumer, entity, entity_id, message_id, dependency_entity, dependency_id, epoch::text as epoch_text, sequence::text as sequence_text, tie, carries',
  'parked_at, timeout_at, expires_at, attempts, ready, headers, body',
].join(', ');
const due = '(ready or timeout_at <= $1::double precision or expires_at <= $1::double precision)';
const wanted = '($2::text is null or consumer = $2::text)';
const oldestFirst = 'parked_at, epoch, sequence, tie';

export async function park(client: SqlClient, parked: ParkedMessage): Promise<void> {
  const { consumer, entity, entityId, messageId, dependency, version, carries } = parked;
  await client.query(
    `insert into sw_parked as kept (consumer, entity, entity_id, place, message_id, dependency_entity, dependency_id,
  epoch, sequence, tie, carries, parked_at, timeout_at, expires_at, attempts, headers, body)
values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::bigint, $9::bigint, $10::text, $11::text,
  $12::double precision, $13::double precision, $14::double precision, $15::integer, $16::json, $17::bytea)
on conflict (consumer, entity, entity_id, place) do update set
  message_id = excluded.message_id, dependency_entity = excluded.dependency_entity, dependency_id = excluded.dependency_id,
  epoch = excluded.epoch, sequence = excluded.sequence, tie = excluded.tie, parked_at = excluded.parked_at,
  timeout_at = excluded.timeout_at, expires_at = excluded.expires_at, attempts = excluded.attempts,
  ready = false, swept_at = 0, headers = excluded.headers, body = excluded.body
where (kept.epoch, kept.sequence, kept.tie) <= (excluded.epoch, excluded.sequence, excluded.tie)`,
    [
      ...[
        consumer,
        entity,
        entityId,
        carries === 'delta' ? messageId : '',
        messageId,
        dependency.entity,
        dependency.id,
      ],
      ...[version.epoch, version.sequence, version.tie, carries ?? null],
      ...[parked.parkedAt, parked.timeoutAt, parked.expiresAt, parked.attempts, ...wireValues(parked.message)],
    ],
  );
}

export async function releaseParked(
  client: SqlClient,
  dependency: { readonly entity: string; readonly id: string },
): Promise<number> {
  const released = await client.query(
    `update sw_parked set ready = true
where dependency_entity = $1::text and dependency_id = $2::text and not ready
returning consumer`,
    [dependency.entity, dependency.id],
  );
  return released.length;
}

export async function takeParked(
  client: SqlClient,
  options: TakeParked,
): Promise<readonly (ParkedMessage & { readonly why: ParkedReason })[]> {
  const { nowMs, limit } = options;
  const consumer = options.consumer ?? null;
  const taken = await client.query(
    `select ${columns} from sw_parked where ${due} and ${wanted} order by ${oldestFirst} limit $3::bigint for update skip locked`,
    [nowMs, consumer, limit],
  );
  const swept = options.sweep ? await sweep(client, nowMs, consumer, limit - taken.length) : [];
  return [...taken, ...swept].map((row) => {
    const message = parkedOf(row);
    return { ...message, why: parkedReason(message, row.ready === true, nowMs) ?? 'sweep' };
  });
}

/** Goes round: what was looked at last comes last, so that hopeless messages do not hide the others for ever. */
async function sweep(
  client: SqlClient,
  nowMs: number,
  consumer: string | null,
  limit: number,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return client.query(
    `with picked as materialized (
  select ctid as row, swept_at as before from sw_parked where not ${due} and ${wanted}
  order by swept_at, ${oldestFirst} limit $3::bigint for update skip locked
), touched as (
  update sw_parked set swept_at = $1::double precision from picked where sw_parked.ctid = picked.row
  returning sw_parked.*, picked.before
)
select ${columns} from touched order by before, ${oldestFirst}`,
    [nowMs, consumer, Math.max(limit, 0)],
  );
}

/** Matches the message too: a newer one may have taken the place, and goes on waiting. */
export async function removeParked(
  client: SqlClient,
  message: Pick<ParkedMessage, 'consumer' | 'entity' | 'entityId' | 'messageId'>,
): Promise<void> {
  await client.query(
    `delete from sw_parked
where consumer = $1::text and entity = $2::text and entity_id = $3::text and message_id = $4::text`,
    [message.consumer, message.entity, message.entityId, message.messageId],
  );
}

export async function countParked(client: SqlClient, consumer: string): Promise<number> {
  const [row] = await client.query('select count(*)::text as count from sw_parked where consumer = $1::text', [
    consumer,
  ]);
  return Number(row?.count ?? 0);
}

function parkedOf(row: Readonly<Record<string, unknown>>): ParkedMessage {
  return {
    consumer: String(row.consumer),
    entity: String(row.entity),
    entityId: String(row.entity_id),
    dependency: { entity: String(row.dependency_entity), id: String(row.dependency_id) },
    messageId: String(row.message_id),
    version: { epoch: Number(row.epoch_text), sequence: BigInt(String(row.sequence_text)), tie: String(row.tie) },
    message: wireOf(row),
    parkedAt: Number(row.parked_at),
    timeoutAt: Number(row.timeout_at),
    expiresAt: Number(row.expires_at),
    attempts: Number(row.attempts),
    ...(row.carries === null ? {} : { carries: row.carries === 'delta' ? ('delta' as const) : ('state' as const) }),
  };
}
