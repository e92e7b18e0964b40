import { retryDelay } from '../../retry-delay.js';
import {
  HttpConnectionError,
  HttpDeadlineError,
  HttpStatusError,
  HttpTimeoutError,
  UnexpectedReplyError,
} from '../errors.js';
import type { Answer, CallPolicy, Layer, Surroundings } from './policy.js';

/**
 * Tries again after the causes that the contract names, and only what may be done twice. A provider that says when to come back is not asked sooner; when
 * the wait would outlast the deadline, the last failure stands at once.
 */
export function retry(policy: NonNullable<CallPolicy['retry']>, { clock, random, count }: Surroundings): Layer {
  const causes = new Set(policy.on);
  return async (call, next) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await settled(next({ ...call, attempt }));
      const cause = causeOf(outcome);
      const again = cause !== undefined && causes.has(cause) && call.repeatable && attempt < policy.attemptsMax;
      const delayMs = again ? Math.max(retryDelay(policy, attempt, random), retryAfterMs(outcome)) : 0;
      const inTime = call.deadlineAtMs === undefined || clock.now() + delayMs < call.deadlineAtMs;
      if (!again || !inTime || call.signal?.aborted === true) return result(outcome);
      count('seamwright.http.retries', { ...call.place, cause });
      if (delayMs > 0) await clock.sleep(delayMs, call.signal);
      if (call.deadlineAtMs !== undefined && call.deadlineAtMs <= clock.now()) throw new HttpDeadlineError(call.place);
    }
  };
}

type Outcome = { readonly answer: Answer } | { readonly error: unknown };

async function settled(answer: Promise<Answer>): Promise<Outcome> {
  try {
    return { answer: await answer };
  } catch (error) {
    return { error };
  }
}

function result(outcome: Outcome): Answer {
  if ('error' in outcome) throw outcome.error;
  return outcome.answer;
}

/** As contracts name it; undefined for what no retry is meant for, such as an open breaker or a broken body. */
function causeOf(outcome: Outcome): string | undefined {
  // A status that means "there is none" is an answer, and a contract may still ask to look again: it may not be there yet.
  if ('answer' in outcome) return outcome.answer.status === undefined ? undefined : String(outcome.answer.status);
  const { error } = outcome;
  if (error instanceof HttpTimeoutError) return 'timeout';
  if (error instanceof HttpConnectionError) return 'network';
  if (error instanceof HttpStatusError) return String(error.status);
  // An undocumented status, such as the 503 of a proxy.
  if (error instanceof UnexpectedReplyError && error.cause instanceof HttpStatusError) return String(error.status);
  return undefined;
}

function retryAfterMs(outcome: Outcome): number {
  if (!('error' in outcome)) return 0;
  const error = outcome.error instanceof UnexpectedReplyError ? outcome.error.cause : outcome.error;
  return error instanceof HttpStatusError ? (error.retryAfterS ?? 0) * 1000 : 0;
}
