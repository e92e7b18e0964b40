import type { OnUserCreated } from '#generated/tools-dashboard/back-workers/consumers.gen.js';

/** Takes down the task SendWelcomeEmail, once per user. The mail goes out from there, not from here: a mail server must not hold up the queue. */
export const onUserCreated: OnUserCreated = async ({ event, tx, meta, log }) => {
  await tx.query(
    `insert into tasks (name, subject, payload, correlation_id) values ('SendWelcomeEmail', $1, $2, $3)
     on conflict (name, subject) do nothing`,
    [event.userId, JSON.stringify({ userId: event.userId, email: event.email }), meta.correlationId],
  );
  log.info({ userId: event.userId }, 'a welcome mail is owed');
};
