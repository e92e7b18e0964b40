import { SeamwrightError } from '../errors.js';
import type { ValidationError } from '../validation.js';

/** Problem details (RFC 9457). */
export interface Problem {
  readonly type?: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
  /** What is wrong with the request, one entry per place. */
  readonly errors?: readonly ProblemPlace[];
  readonly correlationId?: string;
}

/** `pointer` is a JSON pointer as a URI fragment (RFC 6901 section 6), counted from the body, or from the parameter called `name`. */
export interface ProblemPlace {
  readonly in: 'body' | 'path' | 'query' | 'header' | 'cookie';
  readonly name?: string;
  readonly pointer: string;
  readonly detail: string;
}

/** Thrown by handlers and `authenticate` to answer with a problem: `throw new ProblemError(404, { detail: 'no such invoice' })`. */
export class ProblemError extends SeamwrightError {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  /** `status` is 400 to 599; the title defaults to the status's own words. */
  constructor(
    status: number,
    problem: Partial<Omit<Problem, 'status'>> = {},
    headers: Readonly<Record<string, string>> = {},
    cause?: unknown,
  ) {
    const title = problem.title ?? titles[status] ?? (status < 500 ? 'The request failed' : 'The service failed');
    super('problem', problem.detail ?? title, cause === undefined ? {} : { cause });
    this.problem = { ...problem, title, status };
    this.headers = headers;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'No valid credentials',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'The request took too long to arrive',
  409: 'Conflict',
  413: 'The body is too large',
  415: 'The media type is not supported',
  422: 'A rule is broken',
  429: 'Too many requests',
  500: 'The service failed',
  503: 'Try again later',
  504: 'The time for the answer is over',
};

/** At most this many places are told: a hostile body could break its contract in as many places as it has bytes. */
const PLACES_MAX = 20;

/** Errors of a body's validator. */
export function bodyPlaces(errors: readonly ValidationError[] | null | undefined): readonly ProblemPlace[] {
  return (errors ?? []).slice(0, PLACES_MAX).map((error) => ({
    in: 'body',
    pointer: fragment(pointerOf(error)),
    detail: error.message ?? error.keyword,
  }));
}

/** A JSON pointer as a URI fragment. */
export function fragment(pointer: string): string {
  return `#${pointer.split('/').map(encodeURIComponent).join('/')}`;
}

/** A missing property is told at its own place, not at its parent's. */
export function pointerOf(error: ValidationError): string {
  const missing = error.keyword === 'required' ? error.params.missingProperty : undefined;
  if (typeof missing !== 'string') return error.instancePath;
  return `${error.instancePath}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The problem in a reply's body, when there is one. */
export function problemIn(body: unknown): Problem | undefined {
  if (typeof body !== 'object' || body === null || !('title' in body) || typeof body.title !== 'string')
    return undefined;
  return 'status' in body && typeof body.status === 'number' ? (body as Problem) : undefined;
}
