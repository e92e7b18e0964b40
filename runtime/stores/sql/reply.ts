import type { KeptReply, ReplyKey } from '../store.js';
import type { SqlClient } from './client.js';
import { key, type SqlTable } from './table.js';

export const replyTable: SqlTable = {
  name: 'sw_reply',
  columns: [
    key('operation'),
    key('caller'),
    key('key'),
    { name: 'fingerprint', type: 'text', more: 'not null' },
    { name: 'reply', type: 'text', more: 'not null' },
    { name: 'expires_at', type: 'bigint', more: 'not null' },
  ],
  primaryKey: ['operation', 'caller', 'key'],
  indexes: [{ name: 'sw_reply_by_expiry', on: '(expires_at)' }],
};

export async function keptReply(client: SqlClient, request: ReplyKey, nowMs: number): Promise<KeptReply | null> {
  const [row] = await client.query(
    `select fingerprint, reply, expires_at::text as expires_at from ${client.schema}.sw_reply
where operation = $1::text and caller = $2::text and key = $3::text and expires_at > $4::bigint`,
    [request.operation, request.caller, request.key, Math.floor(nowMs)],
  );
  if (row === undefined) return null;
  return { fingerprint: String(row.fingerprint), reply: String(row.reply), expiresAt: Number(row.expires_at) };
}

export async function keepReply(client: SqlClient, request: ReplyKey, kept: KeptReply): Promise<void> {
  await client.query(
    `insert into ${client.schema}.sw_reply (operation, caller, key, fingerprint, reply, expires_at)
values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::bigint)
on conflict (operation, caller, key) do update
set fingerprint = excluded.fingerprint, reply = excluded.reply, expires_at = excluded.expires_at`,
    [request.operation, request.caller, request.key, kept.fingerprint, kept.reply, Math.floor(kept.expiresAt)],
  );
}
