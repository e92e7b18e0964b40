import type { SqlClient } from './client.js';

export const inboxTable = `
create table if not exists sw_inbox (
  consumer text collate "C" not null,
  message_key text collate "C" not null,
  claimed_at timestamptz not null default clock_timestamp(),
  primary key (consumer, message_key)
)`;

/** A second claimer waits for the first transaction's end: it answers false after a commit, and takes the message after a rollback. */
export async function claim(client: SqlClient, consumer: string, key: string): Promise<boolean> {
  const claimed = await client.query(
    'insert into sw_inbox (consumer, message_key) values ($1::text, $2::text) on conflict do nothing returning consumer',
    [consumer, key],
  );
  return claimed.length > 0;
}
