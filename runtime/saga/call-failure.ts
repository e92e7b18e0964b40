import { errorText } from '../consume/failures.js';
import { UsageError } from '../errors.js';
import {
  BulkheadFullError,
  HttpStatusError,
  InvalidRequestError,
  RateLimitedError,
  UnexpectedReplyError,
} from '../http/errors.js';
import { SagaStepFailed } from './step-failed.js';

/** What is known after a call that has failed, and why in one sentence. */
export interface CallFailure {
  readonly kind: 'failed' | 'erred' | 'unknown';
  readonly reason: string;
}

/**
 * What a failed call means. Only an answer that says no, or a refusal to ask at all, is clean; whatever else is thrown may come after the provider has acted.
 * `inDoubt`: an earlier try may have acted, so that a conflict may be with that one.
 */
export function callFailure(error: unknown, inDoubt: boolean): CallFailure {
  const reason = errorText(error).slice(0, 500);
  // These stand outside of a call's own tries: it was not sent even once.
  if (error instanceof BulkheadFullError || error instanceof RateLimitedError) return { kind: 'erred', reason };
  if (error instanceof InvalidRequestError || error instanceof SagaStepFailed || error instanceof UsageError)
    return { kind: inDoubt ? 'unknown' : 'failed', reason };
  if (error instanceof HttpStatusError || error instanceof UnexpectedReplyError)
    return { kind: answered(error.status, inDoubt), reason };
  return { kind: 'unknown', reason };
}

function answered(status: number, inDoubt: boolean): CallFailure['kind'] {
  // Told to come later: an earlier try of the same call, which nobody answered, may have acted all the same.
  if (status < 400 || status >= 500 || status === 408 || status === 425 || status === 429) return 'unknown';
  return status === 409 && inDoubt ? 'unknown' : 'failed';
}
