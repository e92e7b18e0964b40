import type { OutboxMessage } from '../store.js';
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
  ],
  primaryKey: ['id'],
  indexes: [
    { name: 'sw_outbox_by_position', on: '(position)' },
    { name: 'sw_outbox_by_key', on: '(key, position)' },
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

/** Positions are not given out in the order of commits, but transactions of one key follow each other: within a key they are. */
export async function takeOutbox(client: SqlClient, limit: number, nowMs: number): Promise<readonly OutboxMessage[]> {
  const rows = await client.query(
    `select ${columns} from ${client.schema}.sw_outbox as head
where due_at <= $1::double precision
  and not exists (select from ${client.schema}.sw_outbox as earlier where earlier.key = head.key and earlier.position < head.position)
order by position limit $2::bigint
for update skip locked`,
    [nowMs, limit],
  );
  return rows.map(messageOf);
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

export async function outboxBacklog(
  client: SqlClient,
): Promise<{ readonly count: number; readonly oldestDueAt?: number }> {
  const [row] = await client.query(
    `select count(*)::text as count, min(due_at) as oldest from ${client.schema}.sw_outbox`,
  );
  const count = Number(row?.count ?? 0);
  return count === 0 ? { count } : { count, oldestDueAt: Number(row?.oldest) };
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
