import type { ServiceTransaction } from 'seamwright/runtime';
import type { Session } from './tokens.js';

/** Sessions of a user that began at this time, in ms since 1970, or before are over. It only ever moves on. */
export async function endSessions(tx: ServiceTransaction, userId: string, untilMs: number): Promise<void> {
  await tx.query(
    `insert into ended_sessions (user_id, until) values ($1, $2)
     on conflict (user_id) do update set until = greatest(ended_sessions.until, excluded.until)`,
    [userId, untilMs],
  );
}

/** Whether the session has not been ended. */
export async function isOpen(tx: ServiceTransaction, { userId, startedAt }: Session): Promise<boolean> {
  const [ended] = await tx.query('select 1 from ended_sessions where user_id = $1 and until >= $2', [
    userId,
    startedAt,
  ]);
  return ended === undefined;
}
