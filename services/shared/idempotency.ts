import { createHash } from 'node:crypto';
import { ProblemError, type ServiceTransaction } from 'seamwright/runtime';

/** A request that the caller may send again without a second effect. */
export interface KeyedRequest {
  readonly operation: string;
  /** `Idempotency-Key`, chosen by the caller; kept for 24 hours. */
  readonly key: string;
  /** Everything that the caller asks for. The same key with something else is a mistake of the caller's. */
  readonly content: unknown;
}

/** Creates the table of answers where it is missing, and forgets those older than 24 hours. */
export async function prepareIdempotency(tx: ServiceTransaction): Promise<void> {
  await tx.query(`
    create table if not exists answers (
      operation text not null,
      key text not null,
      fingerprint text not null,
      answer jsonb,
      created_at timestamptz not null default now(),
      primary key (operation, key)
    )`);
  await tx.query(`delete from answers where created_at < now() - interval '24 hours'`);
}

/**
 * Runs `work` in the transaction `tx`, once per key: a repeated request gets the first answer. What `work` writes and its answer are kept together or
 * not at all, so a request that failed may be tried again. Throws `ProblemError` 409 when the key was used for another request.
 */
export async function once<Answer>(
  tx: ServiceTransaction,
  request: KeyedRequest,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { operation, key } = request;
  // Inserting first closes the gap between looking and writing: a second request with this key waits here until the first has committed.
  const inserted = await tx.query(
    `insert into answers (operation, key, fingerprint) values ($1, $2, $3)
     on conflict (operation, key) do update set fingerprint = excluded.fingerprint, created_at = now()
     where answers.created_at < now() - interval '24 hours'
     returning key`,
    [operation, key, fingerprintOf(request)],
  );
  if (inserted.length === 0) {
    const earlier = await answerTo<Answer>(tx, request);
    if (earlier !== null) return earlier;
  }
  const answer = await work();
  const text = JSON.stringify(answer);
  await tx.query('update answers set answer = $3::jsonb where operation = $1 and key = $2', [operation, key, text]);
  return answer;
}

/** The answer that this request got before, or null. Throws `ProblemError` 409 when the key was used for another request. */
export async function answerTo<Answer>(tx: ServiceTransaction, request: KeyedRequest): Promise<Answer | null> {
  const [found] = await tx.query<{ readonly fingerprint: string; readonly answer: Answer }>(
    `select fingerprint, answer from answers where operation = $1 and key = $2 and created_at >= now() - interval '24 hours'`,
    [request.operation, request.key],
  );
  if (found === undefined) return null;
  if (found.fingerprint === fingerprintOf(request)) return found.answer;
  throw new ProblemError(409, { detail: 'the idempotency key was used for another request' });
}

function fingerprintOf({ content }: KeyedRequest): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
