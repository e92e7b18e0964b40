import { SeamwrightError } from '../errors.js';
import { type Problem, problemIn } from './problem.js';

/** Where a call went. */
export interface CallPlace {
  /** The service that was called. */
  readonly provider: string;
  readonly operation: string;
}

/** Statuses after which the same call may work later; the rest will not change by asking again. */
const retriable = new Set([408, 425, 429, 500, 502, 503, 504]);

/** The provider answered with a status that its contract documents and that is no success. */
export class HttpStatusError<Status extends number = number, Body = unknown> extends SeamwrightError {
  readonly provider: string;
  readonly operation: string;
  readonly status: Status;
  /** The body as the contract describes it; undefined when there was none. */
  readonly body: Body;
  /** The body when it is problem details (RFC 9457). */
  readonly problem: Problem | undefined;
  /** Seconds from `Retry-After`, when the provider named them. */
  readonly retryAfterS: number | undefined;

  constructor(place: CallPlace, status: Status, body: Body, retryAfterS?: number) {
    const problem = problemIn(body);
    super(
      'http-status',
      `${nameOf(place)} answered ${status}${problem === undefined ? '' : `: ${problem.detail ?? problem.title}`}`,
      {
        retriable: retriable.has(status),
      },
    );
    this.provider = place.provider;
    this.operation = place.operation;
    this.status = status;
    this.body = body;
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

/**
 * The provider answered what its contract does not allow: another status (`cause` is then a `HttpStatusError` with the body), another media type, or a
 * body that breaks its schema.
 */
export class UnexpectedReplyError extends SeamwrightError {
  readonly provider: string;
  readonly operation: string;
  readonly status: number;
  /** The beginning of the body, at most 2000 characters. */
  readonly excerpt: string;

  constructor(place: CallPlace, status: number, reason: string, excerpt: string, cause?: unknown) {
    super('http-unexpected-reply', `${nameOf(place)} answered ${status}, ${reason}`, {
      retriable: retriable.has(status),
      ...(cause === undefined ? {} : { cause }),
    });
    this.provider = place.provider;
    this.operation = place.operation;
    this.status = status;
    this.excerpt = excerpt.slice(0, 2000);
  }
}

/** There is no answer to a call, and the same call may work later: the one class to catch for "could not be asked". */
export abstract class NoAnswerError extends SeamwrightError {
  readonly provider: string;
  readonly operation: string;
  /** Earliest time from now at which asking again makes sense, in ms; undefined when nobody knows. */
  readonly retryAfterMs: number | undefined;

  constructor(
    place: CallPlace,
    code: string,
    what: string,
    more: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(code, `${nameOf(place)} ${what}`, { retriable: true, ...('cause' in more && { cause: more.cause }) });
    this.provider = place.provider;
    this.operation = place.operation;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** No answer within the time that the policy allows. Whether the provider acted is unknown: only calls with the same effect twice may be repeated. */
export class HttpTimeoutError extends NoAnswerError {
  constructor(place: CallPlace, timeoutMs: number) {
    super(place, 'http-timeout', `did not answer within ${timeoutMs} ms`);
  }
}

/** The connection could not be made, or broke. Whether the provider acted is unknown. */
export class HttpConnectionError extends NoAnswerError {
  constructor(place: CallPlace, cause: unknown) {
    super(place, 'http-connection', `cannot be reached${reasonOf(cause)}`, { cause });
  }
}

/** The time of the request at hand was spent before the call, or between two of its tries. The provider was not asked this time. */
export class HttpDeadlineError extends NoAnswerError {
  constructor(place: CallPlace) {
    super(place, 'http-deadline', 'is not asked: the deadline has passed');
  }
}

/** The circuit breaker is open: the provider kept failing and is left alone for a while. It was not asked. */
export class CircuitOpenError extends NoAnswerError {
  constructor(place: CallPlace, retryAfterMs: number) {
    super(place, 'http-circuit-open', `is not asked for another ${retryAfterMs} ms: it kept failing`, { retryAfterMs });
  }
}

/** As many calls as the contract allows are under way and waiting. The provider was not asked. */
export class BulkheadFullError extends NoAnswerError {
  constructor(place: CallPlace, concurrentMax: number, queueMax: number) {
    super(place, 'http-bulkhead-full', `is not asked: ${concurrentMax} calls are under way and ${queueMax} wait`);
  }
}

/** More calls than the contract allows in this time. The provider was not asked. */
export class RateLimitedError extends NoAnswerError {
  constructor(place: CallPlace, retryAfterMs: number) {
    super(
      place,
      'http-rate-limited',
      `is not asked for another ${retryAfterMs} ms: more calls would break the agreed rate`,
      { retryAfterMs },
    );
  }
}

/** The request breaks the contract. It was not sent. */
export class InvalidRequestError extends SeamwrightError {
  readonly provider: string;
  readonly operation: string;

  constructor(place: CallPlace, problems: string) {
    super('http-invalid-request', `the request to ${nameOf(place)} breaks its contract: ${problems}`, {
      retriable: false,
    });
    this.provider = place.provider;
    this.operation = place.operation;
  }
}

/** Whether a failed try is the provider's fault: it was asked, and gave no answer, a 5xx, or one that breaks its contract. */
export function isProviderFailure(error: unknown): boolean {
  if (error instanceof HttpTimeoutError || error instanceof HttpConnectionError) return true;
  if (error instanceof UnexpectedReplyError) return error.status >= 500 || error.status < 400;
  return error instanceof HttpStatusError && error.status >= 500;
}

/** Whether a call failed for want of the provider, in whatever way: what a fallback is for. Being told to slow down (429) counts. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof NoAnswerError || isProviderFailure(error)) return true;
  return (error instanceof HttpStatusError || error instanceof UnexpectedReplyError) && error.status === 429;
}

function nameOf(place: CallPlace): string {
  return `${place.provider}.${place.operation}`;
}

/** `fetch failed` says nothing; the system's code is in the cause of the cause. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error ? cause.cause : undefined;
  return typeof inner === 'object' && inner !== null && 'code' in inner ? ` (${String(inner.code)})` : '';
}
