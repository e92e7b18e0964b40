import type { SqlClient } from './client.js';
import { key, type SqlTable } from './table.js';

export const inboxTable: SqlTable = {
  name: 'sw_inbox',
  columns: [
    key('consumer'),
    key('message_key'),
    { name: 'claimed_at', type: 'timestamp with time zone', more: 'not null default clock_timestamp()' },
  ],
  primaryKey: ['consumer', 'message_key'],
  // Rows come in the order of their age: a few bytes per hundred pages find the old ones.
  indexes: [{ name: 'sw_inbox_by_age', on: 'using brin (claimed_at) with (autosummarize = on)' }],
};

/** A second claimer waits for the first transaction's end: it answers false after a commit, and takes the message after a rollback. */
export async function claim(client: SqlClient, consumer: string, messageKey: string): Promise<boolean> {
  const claims = await client.query(
    `insert into ${client.schema}.sw_inbox (consumer, message_key) values ($1::text, $2::text)
on conflict do nothing returning consumer`,
    [consumer, messageKey],
  );
  return claims.length > 0;
}

export async function claimed(client: SqlClient, consumer: string, messageKey: string): Promise<boolean> {
  const found = await client.query(
    `select from ${client.schema}.sw_inbox where consumer = $1::text and message_key = $2::text`,
    [consumer, messageKey],
  );
  return found.length > 0;
}
