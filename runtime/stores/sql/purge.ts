import type { Purge, Purged } from '../store.js';
import type { SqlClient, SqlRow } from './client.js';
import { quoted } from './identifier.js';
import { epochNote } from './owned.js';
import { copyTable } from './replica.js';

export async function purge(client: SqlClient, wanted: Purge): Promise<Purged> {
  const { inboxBefore, tombstonesBefore, repliesBefore, tables, limit } = wanted;
  const tombstones = 'sw_deleted and sw_applied_at < to_timestamp($2::double precision / 1000)';
  let copies = 0;
  for (const table of tables) {
    copies += (await remove(client, quoted(copyTable(table)), tombstones, limit, tombstonesBefore)).length;
  }
  const owned = await remove(
    client,
    'sw_owned',
    'deleted and published_sequence = sequence and changed_at < $2::double precision * 1000',
    limit,
    tombstonesBefore,
    'entity, epoch::text as epoch',
  );
  await raiseEpochs(client, owned);
  const claims = await remove(
    client,
    'sw_inbox',
    'claimed_at < to_timestamp($2::double precision / 1000)',
    limit,
    inboxBefore,
  );
  const guards = await remove(client, 'sw_guard', tombstones, limit, tombstonesBefore);
  const replies = await remove(client, 'sw_reply', 'expires_at < $2::double precision', limit, repliesBefore);
  return {
    inbox: claims.length,
    copies,
    guards: guards.length,
    owned: owned.length,
    replies: replies.length,
  };
}

/** Rows that somebody holds stay for the next time. */
async function remove(
  client: SqlClient,
  table: string,
  isOver: string,
  limit: number,
  before: number,
  answer = '',
): Promise<readonly SqlRow[]> {
  const name = `${client.schema}.${table}`;
  return client.query(
    `delete from ${name} where ctid = any (array(
  select ctid from ${name} where ${isOver} limit $1::bigint for update skip locked
)) returning ${answer || '1'}`,
    [limit, before],
  );
}

/** An entity whose tombstone is gone begins anew at sequence 1: only a higher epoch lifts it above what followers may still remember. */
async function raiseEpochs(client: SqlClient, removed: readonly SqlRow[]): Promise<void> {
  const next = new Map<string, number>();
  for (const { entity, epoch } of removed) {
    const name = String(entity);
    next.set(name, Math.max(next.get(name) ?? 0, Number(epoch) + 1));
  }
  for (const [entity, epoch] of next) {
    await client.query(
      `insert into ${client.schema}.sw_note as kept (name, text) values ($1::text, $2::text)
on conflict (name) do update set text = greatest(kept.text::bigint, excluded.text::bigint)::text`,
      [epochNote(entity), String(epoch)],
    );
  }
}
