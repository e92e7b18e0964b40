import { laterCondition } from '../later-key.js';
import { leaseAheadMaxMs } from '../outbox-lease.js';
import type { OutboxBacklog, OutboxMessage, TakeOutbox } from '../store.js';
import type { SqlClient, SqlRow } from './client.js';
import { key, type SqlTable } from './table.js';
import { wireColumns, wireOf, wireValues } from './wire.js';

export const outboxTable: SqlTable = {
  name: 'sw_outbox',
  columns: [
    key('id'),
    { name: 'position', type: 'bigint', more: 'generated always as identity' },
    key('key'),
    { name: 'exchange', type: 'text', more: 'not null' },
    { name: 'routing_key', type: 'text', more: 'not null' },
    { name: 'partition_key', type: 'text' },
    { name: 'due_at', type: 'double precision', more: 'not null' },
    ...wireColumns,
    { name: 'priority', type: 'smallint' },
    { name: 'taken_until', type: 'double precision', more: 'not null default 0' },
    { name: 'written_at', type: 'timestamp with time zone', more: 'not null default clock_timestamp()' },
  ],
  primaryKey: ['id'],
  indexes: [
    { name: 'sw_outbox_by_key', on: '(key, position)' },
    { name: 'sw_outbox_at_once', on: '(key) where due_at <= 0' },
    { name: 'sw_outbox_later', on: '(due_at) where due_at > 0' },
  ],
};

const columns = 'id, key, exchange, routing_key, partition_key, priority, due_at, headers, body';

export async function appendOutbox(client: SqlClient, messages: readonly OutboxMessage[]): Promise<void> {
  for (const { id, key: order, address, message, dueAt } of messages) {
    const { exchange, key: routingKey, partitionKey, priority } = address;
    await client.query(
      `insert into ${client.schema}.sw_outbox (${columns})
values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::smallint, $7::double precision, $8::json, $9::bytea)`,
      [id, order, exchange, routingKey, partitionKey ?? null, priority ?? null, dueAt, ...wireValues(message)],
    );
  }
}

/**
 * Hops from key to key, however many messages wait under each. Of the keys' oldest messages, those that nobody has taken are locked, and looked at again as
 * they are now: whoever holds the oldest message of a key holds the key, so no second relay can take what came behind it meanwhile.
 *
 * Positions are not given out in the order of commits, but transactions of one key follow each other: within a key they are.
 */
export async function takeOutbox(client: SqlClient, options: TakeOutbox): Promise<readonly OutboxMessage[]> {
  const { nowMs, untilMs, limit, runMax, except = [], after } = options;
  const outbox = `${client.schema}.sw_outbox`;
  const behind = after === undefined ? '' : 'and key > $6::text';
  const free = `(taken_until <= $1::double precision or taken_until > $2::double precision + ${leaseAheadMaxMs})`;
  const rows = await client.query(
    `with recursive hop as (
  (select key from ${outbox} where due_at <= 0 ${behind} order by key limit 1)
  union all
  select next.key from hop, lateral (
    select key from ${outbox} where due_at <= 0 and key > hop.key order by key limit 1
  ) as next
), late as (
  select key from ${outbox} where due_at > 0 and due_at <= $1::double precision ${behind} order by due_at limit $3::bigint
), head as materialized (
  select oldest.id from (select key from hop union all select key from late) as known, lateral (
    select id, due_at, taken_until from ${outbox} where key = known.key order by position limit 1
  ) as oldest
  where known.key <> all ($5::text[]) and due_at <= $1::double precision and ${free}
  limit $3::bigint
), held as materialized (
  select key from ${outbox}
  where id = any (array(select id from head)) and ${free}
  for update skip locked
), run as (
  select line.id, line.rank, line.position from held, lateral (
    select id, position, row_number() over (order by position) as rank, bool_and(due_at <= $1::double precision) over (order by position) as due
    from (select id, position, due_at from ${outbox} where key = held.key order by position limit $4::bigint) as oldest
  ) as line
  where line.due
  order by line.rank, line.position limit $3::bigint
), taken as (
  update ${outbox} set taken_until = $2::double precision where id = any (array(select id from run))
  returning ${columns}, position
)
select ${columns} from taken order by position`,
    [nowMs, untilMs, limit, runMax, except, ...(after === undefined ? [] : [after])],
  );
  return rows.map(messageOf);
}

export async function giveBackOutbox(client: SqlClient, ids: readonly string[], untilMs: number): Promise<void> {
  await client.query(
    `update ${client.schema}.sw_outbox set taken_until = 0
where id = any ($1::text[]) and taken_until = $2::double precision`,
    [ids, untilMs],
  );
}

export async function outboxOf(client: SqlClient, wanted: string, limit: number): Promise<readonly OutboxMessage[]> {
  const rows = await client.query(
    `select ${columns} from ${client.schema}.sw_outbox where key = $1::text order by position limit $2::bigint`,
    [wanted, limit],
  );
  return rows.map(messageOf);
}

export async function removeOutbox(client: SqlClient, ids: readonly string[]): Promise<void> {
  await client.query(`delete from ${client.schema}.sw_outbox where id = any ($1::text[])`, [ids]);
}

export async function outboxBacklog(client: SqlClient): Promise<OutboxBacklog> {
  const [row] = await client.query(
    `select count(*)::text as count, count(*) filter (where ${laterCondition})::text as later, min(due_at) as oldest,
  min(greatest(due_at, extract(epoch from written_at)::double precision * 1000)) as since
from ${client.schema}.sw_outbox`,
  );
  const all = Number(row?.count ?? 0);
  if (all === 0) return { count: 0 };
  const later = Number(row?.later);
  return {
    count: all - later,
    ...(later > 0 && { later }),
    oldestDueAt: Number(row?.oldest),
    waitingSince: Number(row?.since),
  };
}

function messageOf(row: SqlRow): OutboxMessage {
  return {
    id: String(row.id),
    key: String(row.key),
    address: {
      exchange: String(row.exchange),
      key: String(row.routing_key),
      ...(row.partition_key === null ? {} : { partitionKey: String(row.partition_key) }),
      ...(row.priority === null ? {} : { priority: Number(row.priority) }),
    },
    message: wireOf(row),
    dueAt: Number(row.due_at),
  };
}
