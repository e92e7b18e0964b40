import { UsageError } from '../errors.js';
import { writeBody } from './body.js';
import { contentFor } from './media-type.js';
import { type OperationDefinition, replyFor } from './operation.js';
import type { Problem } from './problem.js';

/** What a handler answers. The generated types allow only what the contract documents. */
export interface HttpReply {
  readonly status: number;
  readonly body?: unknown;
  /** Needed where the contract names several media types. */
  readonly contentType?: string;
  readonly headers?: ReplyHeaders;
}

/** Statuses whose answers have no body (RFC 9110). */
const bodiless = new Set([204, 205, 304]);

/** Writes the answer of a handler. Throws `UsageError` on a status or a media type that the contract does not document. */
export function replyResponse(operation: OperationDefinition, reply: HttpReply): Response {
  const documented = replyFor(operation, reply.status);
  if (documented === undefined)
    throw new UsageError(`${operation.name} answered ${reply.status}, which its contract does not document`);
  const headers = new Headers();
  for (const [name, value] of Object.entries(reply.headers ?? {})) headers.set(name, String(value));
  if (reply.body === undefined || bodiless.has(reply.status))
    return new Response(null, { status: reply.status, headers });
  const wanted = reply.contentType?.toLowerCase();
  const content = wanted === undefined ? documented.content[0] : contentFor(documented.content, wanted);
  if (content === undefined) {
    throw new UsageError(
      `${operation.name} answered ${reply.status} with a body of type "${wanted ?? 'none'}", which its contract does not document`,
    );
  }
  const named = wanted !== undefined && content.type.includes('*') ? { ...content, type: wanted } : content;
  const { body, contentType } = writeBody(reply.body, named);
  if (contentType !== undefined) headers.set('content-type', contentType);
  return new Response(body, { status: reply.status, headers });
}

/** Problem details as an answer. */
export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  });
}

/** Headers of an answer. */
export type ReplyHeaders = Readonly<Record<string, string | number>>;

/** Registered statuses of a class: `StatusOf<2>` is 200 to 226. */
export type StatusOf<Class extends 1 | 2 | 3 | 4 | 5> = {
  1: 100 | 101 | 102 | 103;
  2: 200 | 201 | 202 | 203 | 204 | 205 | 206 | 207 | 208 | 226;
  3: 300 | 301 | 302 | 303 | 304 | 305 | 307 | 308;
  4:
    | 400
    | 401
    | 402
    | 403
    | 404
    | 405
    | 406
    | 407
    | 408
    | 409
    | 410
    | 411
    | 412
    | 413
    | 414
    | 415
    | 416
    | 417
    | 418
    | 421
    | 422
    | 423
    | 424
    | 425
    | 426
    | 428
    | 429
    | 431
    | 451;
  5: 500 | 501 | 502 | 503 | 504 | 505 | 506 | 507 | 508 | 510 | 511;
}[Class];
