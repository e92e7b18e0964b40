import type { OnLoginRecorded } from '#generated/tools-dashboard/back-cassandra/consumers.gen.js';

/** Adds the record; it is never changed. */
export const onLoginRecorded: OnLoginRecorded = async ({ event, tx }) => {
  const { loginId, userId, method, at } = event;
  await tx.query('insert into login_records (user_id, at, login_id, method) values ($1, $2, $3, $4)', [
    userId,
    at,
    loginId,
    method,
  ]);
};
