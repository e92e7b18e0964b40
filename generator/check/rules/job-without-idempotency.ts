import type { Rule } from '../rule.js';

/** Jobs that may run twice for one date (tries, catch-up) or publish, without `idempotency_key`. */
export const jobWithoutIdempotency: Rule = {
  id: 'job-without-idempotency',
  severity: 'info',
  title: 'A job that runs again does its work once.',
  why: 'After a crash in the middle somebody starts the job again. Without a key the first half happens twice: two invoices for one month.',
  fix: 'Write `idempotency_key`.',
  requirements: ['DH-24', 'TD-80'],
  *check(model) {
    for (const job of model.jobs.values()) {
      const risky =
        job.attemptsMax > 1 || job.catchUp !== 'none' || job.publishes.length > 0 || job.forEach !== undefined;
      if (!risky || job.idempotencyKey !== undefined) continue;
      yield {
        at: job.at,
        message: `job "${job.name}" of "${job.service}" may run twice for one date and has no idempotency key.`,
        subject: `job:${job.name}`,
        fix: 'write idempotency_key: <what and when>, such as residentId, period.',
      };
    }
  },
};
