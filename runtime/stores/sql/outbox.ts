import type { OutboxMessage } from '../store.js';
import type { SqlClient } from './client.js';
import { wireColumns, wireOf, wireValues } from './wire.js';

export const outboxTables = [
  `
create table if not exists sw_outbox (
  id text collate "C" primary key,
  position bigint generated always as identity,
  key text collate "C" not null,
  exchange text not null,
  routing_key text not null,
  partition_key text,
  priority smallint,
  due_at double precision not null,${wireColumns}
)`,
  // Tables made before messages had priorities.
  'alter table sw_outbox add column if not exists priority smallint',
  'create index if not exists sw_outbox_by_position on sw_outbox (position)',
  'create index if not exists sw_outbox_by_key on sw_outbox (key, position)',
];

export async function appendOutbox(client: SqlClient, messages: readonly OutboxMessage[]): Promise<void> {
  for (const { id, key, address, message, dueAt } of messages) {
    const { exchange, key: routingKey, partitionKey, priority } = address;
    await client.query(
      `insert into sw_outbox (id, key, exchange, routing_key, partition_key, priority, due_at, headers, body)
values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::smallint, $7::double precision, $8::json, $9::bytea)`,
      [id, key, exchange, routingKey, partitionKey ?? null, priority ?? null, dueAt, ...wireValues(message)],
    );
  }
}

/** Positions are not given out in the order of commits, but transactions of one key follow each other: within a key they are. */
export async function takeOutbox(client: SqlClient, limit: number, nowMs: number): Promise<readonly OutboxMessage[]> {
  const rows = await client.query(
    `select id, key, exchange, routing_key, partition_key, priority, due_at, headers, body from sw_outbox as head
where due_at <= $1::double precision
  and not exists (select from sw_outbox as earlier where earlier.key = head.key and earlier.position < head.position)
order by position limit $2::bigint
for update skip locked`,
    [nowMs, limit],
  );
  return rows.map((row) => ({
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
  }));
}

export async function removeOutbox(client: SqlClient, ids: readonly string[]): Promise<void> {
  await client.query('delete from sw_outbox where id = any ($1::text[])', [ids]);
}

export async function outboxBacklog(
  client: SqlClient,
): Promise<{ readonly count: number; readonly oldestDueAt?: number }> {
  const [row] = await client.query('select count(*)::text as count, min(due_at) as oldest from sw_outbox');
  const count = Number(row?.count ?? 0);
  return count === 0 ? { count } : { count, oldestDueAt: Number(row?.oldest) };
}
