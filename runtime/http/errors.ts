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

/** No answer within the time that the policy allows. Whether the provider acted is unknown: only calls with the same effect twice may be repeated. */
export class HttpTimeoutError extends SeamwrightError {
  constructor(place: CallPlace, timeoutMs: number) {
    super('http-timeout', `${nameOf(place)} did not answer within ${timeoutMs} ms`, { retriable: true });
  }
}

/** The connection could not be made, or broke. Whether the provider acted is unknown. */
export class HttpConnectionError extends SeamwrightError {
  constructor(place: CallPlace, cause: unknown) {
    super('http-connection', `${nameOf(place)} cannot be reached${reasonOf(cause)}`, { retriable: true, cause });
  }
}

function nameOf(place: CallPlace): string {
  return `${place.provider}.${place.operation}`;
}

/** `fetch failed` says nothing; the system's code is in the cause of the cause. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error ? cause.cause : undefined;
  return typeof inner === 'object' && inner !== null && 'code' in inner ? ` (${String(inner.code)})` : '';
}
