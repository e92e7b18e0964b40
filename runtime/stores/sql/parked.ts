import { parkedReason } from '../parked-reason.js';
import type { ParkedEntry, ParkedMessage, ParkedReason, TakeParked } from '../store.js';
import type { SqlClient, SqlRow } from './client.js';
import { key, type SqlTable } from './table.js';
import { wireColumns, wireOf, wireValues } from './wire.js';

/** `place` is empty for a state, so that states share one row per consumer and entity, and the message id for a delta. */
export const parkedTable: SqlTable = {
  name: 'sw_parked',
  columns: [
    ...['consumer', 'entity', 'entity_id', 'place', 'message_id', 'dependency_entity', 'dependency_id'].map(key),
    { name: 'epoch', type: 'bigint', more: 'not null' },
    { name: 'sequence', type: 'bigint', more: 'not null' },
    key('tie'),
    { name: 'carries', type: 'text' },
    { name: 'parked_at', type: 'double precision', more: 'not null' },
    { name: 'timeout_at', type: 'double precision', more: 'not null' },
    { name: 'expires_at', type: 'double precision', more: 'not null' },
    { name: 'attempts', type: 'integer', more: 'not null' },
    { name: 'ready', type: 'boolean', more: 'not null default false' },
    { name: 'swept_at', type: 'double precision', more: 'not null default 0' },
    ...wireColumns,
  ],
  primaryKey: ['consumer', 'entity', 'entity_id', 'place'],
  indexes: [{ name: 'sw_parked_by_dependency', on: '(dependency_entity, dependency_id) where not ready' }],
};

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
    `insert into ${client.schema}.sw_parked as kept (consumer, entity, entity_id, place, message_id, dependency_entity, dependency_id,
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
    `update ${client.schema}.sw_parked set ready = true
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
    `select ${columns} from ${client.schema}.sw_parked where ${due} and ${wanted} order by ${oldestFirst} limit $3::bigint for update skip locked`,
    [nowMs, consumer, limit],
  );
  const swept = options.sweep ? await sweep(client, nowMs, consumer, limit - taken.length) : [];
  return [...taken, ...swept].map((row) => {
    const message = messageOf(row);
    return { ...message, why: parkedReason(message, row.ready === true, nowMs) ?? 'sweep' };
  });
}

/** Goes round: what was looked at last comes last, so that hopeless messages do not hide the others for ever. */
async function sweep(
  client: SqlClient,
  nowMs: number,
  consumer: string | null,
  limit: number,
): Promise<readonly SqlRow[]> {
  return client.query(
    `with picked as materialized (
  select ctid as row, swept_at as before from ${client.schema}.sw_parked where not ${due} and ${wanted}
  order by swept_at, ${oldestFirst} limit $3::bigint for update skip locked
), touched as (
  update ${client.schema}.sw_parked as kept set swept_at = $1::double precision from picked where kept.ctid = picked.row
  returning kept.*, picked.before
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
    `delete from ${client.schema}.sw_parked
where consumer = $1::text and entity = $2::text and entity_id = $3::text and message_id = $4::text`,
    [message.consumer, message.entity, message.entityId, message.messageId],
  );
}

export async function countParked(client: SqlClient, consumer: string): Promise<number> {
  const [row] = await client.query(
    `select count(*)::text as count from ${client.schema}.sw_parked where consumer = $1::text`,
    [consumer],
  );
  return Number(row?.count ?? 0);
}

export function parkedOf(client: SqlClient, entity: string, id: string): Promise<readonly ParkedEntry[]> {
  return entries(client, 'where entity = $1::text and entity_id = $2::text', [entity, id]);
}

export function parkedFor(
  client: SqlClient,
  { entity, id }: { readonly entity: string; readonly id: string },
): Promise<readonly ParkedEntry[]> {
  return entries(client, 'where dependency_entity = $1::text and dependency_id = $2::text', [entity, id]);
}

export function listParked(
  client: SqlClient,
  { consumer, after, limit }: { readonly consumer?: string; readonly after?: ParkedMessage; readonly limit: number },
): Promise<readonly ParkedEntry[]> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const parameter = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
  if (consumer !== undefined) conditions.push(`consumer = ${parameter(consumer, 'text')}`);
  if (after !== undefined) {
    const names = [after.consumer, after.entity, after.entityId, after.messageId];
    const place = [parameter(after.parkedAt, 'double precision'), ...names.map((name) => parameter(name, 'text'))];
    conditions.push(`(${byPlace}) > (${place.join(', ')})`);
  }
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return entries(client, where, values, `limit ${parameter(limit, 'bigint')}`);
}

/** Oldest first; every message has a place of its own. */
const byPlace = 'parked_at, consumer, entity, entity_id, message_id';

async function entries(
  client: SqlClient,
  where: string,
  values: readonly unknown[],
  limit = '',
): Promise<readonly ParkedEntry[]> {
  const rows = await client.query(
    `select ${columns} from ${client.schema}.sw_parked ${where} order by ${byPlace} ${limit}`,
    values,
  );
  return rows.map((row) => ({ ...messageOf(row), ready: row.ready === true }));
}

function messageOf(row: SqlRow): ParkedMessage {
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
