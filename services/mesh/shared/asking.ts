import {
  type Answer,
  type CallOptions,
  HttpStatusError,
  type Logger,
  NoAnswerError,
  ProblemError,
  type ReplyHeaders,
  UnexpectedReplyError,
} from 'seamwright/runtime';

/** What a provider gave, and where it comes from. */
export interface Asked<Value> {
  readonly value: Value;
  readonly info: Omit<Answer, 'value'>;
}

/**
 * Asks another service on behalf of a request. Throws `ProblemError` 404 when there is nothing to find (null), and 503 with `Retry-After` when nobody can
 * tell: no answer, a broken one, or a provider that asks for patience. Other answers of the provider go on to the caller as they are thrown.
 */
export async function ask<Value>(
  log: Logger,
  call: (options: CallOptions) => Promise<Value | null>,
): Promise<Asked<Value>> {
  let info: Omit<Answer, 'value'> = { from: 'provider' };
  const onAnswer = (told: Omit<Answer, 'value'>): void => {
    info = told;
  };
  const value = await call({ onAnswer }).catch((error: unknown) => {
    throw unavailable(error, log) ?? error;
  });
  if (value === null) throw new ProblemError(404);
  return { value, info };
}

/** Headers of the provider's answer that are the caller's business, too; of a kept answer also that it is one, and how old. */
export function passedOn({ from, headers, ageMs = 0 }: Omit<Answer, 'value'>): ReplyHeaders {
  const passed = ['etag', 'x-served-from', 'age'].flatMap((name) => {
    const value = headers?.get(name);
    return value === null || value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    ...(from === 'cache' && { 'x-served-from': 'cache', age: Math.floor(ageMs / 1000) }),
  };
}

/** Seconds after which to ask again when nobody knows better. */
const retryAfterDefaultS = 1;

function unavailable(error: unknown, log: Logger): ProblemError | undefined {
  const retryAfterS = retryAfter(error);
  if (retryAfterS === undefined) return undefined;
  log.warn({ error }, 'a call cannot be answered');
  return new ProblemError(503, {}, { 'retry-after': String(retryAfterS) });
}

/** Undefined for errors that are no matter of time: those of the caller, and our own. */
function retryAfter(error: unknown): number | undefined {
  if (error instanceof NoAnswerError) return Math.max(Math.ceil((error.retryAfterMs ?? 0) / 1000), retryAfterDefaultS);
  if (error instanceof UnexpectedReplyError) return retryAfterDefaultS;
  if (error instanceof HttpStatusError && (error.status === 429 || error.status >= 500))
    return error.retryAfterS ?? retryAfterDefaultS;
  return undefined;
}
