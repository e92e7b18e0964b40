import type { Clock } from 'seamwright/runtime';
import type { BackRedisOperations } from '#generated/tools-dashboard/back-redis/server.gen.js';
import type { BackRedisService } from '#generated/tools-dashboard/back-redis/service.gen.js';

/** Entries and counters that expire. Times are those of `clock`, in ms since 1970. */
export function backRedisOperations(redis: BackRedisService, clock: Clock): BackRedisOperations {
  const secondsLeft = (expiresAt: number) => Math.max(0, Math.ceil((expiresAt - clock.now()) / 1000));
  return {
    async putEntry({ path, body }) {
      await redis.transaction(async (tx) => {
        await tx.query('delete from entries where expires_at <= $1', [clock.now()]);
        await tx.query(
          `insert into entries (key, value, expires_at) values ($1, $2, $3)
           on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at`,
          [path.key, body.value, clock.now() + body.ttlSeconds * 1000],
        );
      });
      return { status: 204 };
    },

    async takeEntry({ path }) {
      // One statement: of two callers only one can get the row.
      const [taken] = await redis.transaction((tx) =>
        tx.query<{ readonly value: string; readonly expires_at: number }>(
          'delete from entries where key = $1 returning value, expires_at',
          [path.key],
        ),
      );
      return taken === undefined || taken.expires_at <= clock.now()
        ? { status: 404, body: { title: 'No such entry', status: 404 } }
        : { status: 200, body: { value: taken.value } };
    },

    async count({ path, body }) {
      const nowMs = clock.now();
      const [counted] = await redis.transaction((tx) =>
        tx.query<{ readonly count: number; readonly expires_at: number }>(
          `insert into counters (key, count, expires_at) values ($1, 1, $2)
           on conflict (key) do update set
             count = case when counters.expires_at <= $3 then 1 else counters.count + 1 end,
             expires_at = case when counters.expires_at <= $3 then excluded.expires_at else counters.expires_at end
           returning count, expires_at`,
          [path.key, nowMs + body.ttlSeconds * 1000, nowMs],
        ),
      );
      return { status: 200, body: { count: counted?.count ?? 1, ttlSeconds: secondsLeft(counted?.expires_at ?? 0) } };
    },

    async resetCount({ path }) {
      await redis.transaction((tx) => tx.query('delete from counters where key = $1', [path.key]));
      return { status: 204 };
    },
  };
}
