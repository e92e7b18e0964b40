import { UsageError } from '../errors.js';
import { formatErrors, type Validator } from '../validation.js';
import { writeBody } from './body.js';
import type { ServerReply } from './exchange.js';
import { contentFor } from './media-type.js';
import { type ContentDefinition, type OperationDefinition, replyFor } from './operation.js';
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

/** Writes the answer of a handler. Throws `UsageError` on a status, a media type or a header that the contract or HTTP does not allow. */
export function writeReply(operation: OperationDefinition, reply: HttpReply): ServerReply {
  const { status } = reply;
  const content = contentOf(operation, reply);
  const headers = headersOf(operation, reply.headers);
  if (content === undefined) return { status, headers, body: null };
  const { body, contentType } = writeBody(reply.body, content);
  if (contentType !== undefined) headers['content-type'] = contentType;
  return { status, headers, body };
}

/** Why an answer breaks its contract, in one sentence that quotes no value; undefined when it keeps it. */
export function replyProblem(operation: OperationDefinition, reply: HttpReply): string | undefined {
  const content = contentOf(operation, reply);
  const validate: Validator<unknown> | undefined = content?.kind === 'json' ? content.validate : undefined;
  if (validate === undefined || validate(reply.body)) return undefined;
  const problems = formatErrors(validate.errors, 5, operation.redact);
  // A Date or an absent member looks otherwise once it is written, and only that reaches the caller.
  const written: unknown = JSON.parse(JSON.stringify(reply.body));
  if (validate(written)) return undefined;
  return `${operation.name} answered ${reply.status} with a body that breaks its contract: ${problems}`;
}

/** How the body is to be written; undefined when there is none to write. */
function contentOf(operation: OperationDefinition, reply: HttpReply): ContentDefinition | undefined {
  const documented = replyFor(operation, reply.status);
  if (documented === undefined)
    throw new UsageError(`${operation.name} answered ${reply.status}, which its contract does not document`);
  if (reply.body === undefined || bodiless.has(reply.status)) return undefined;
  const wanted = reply.contentType?.toLowerCase();
  const content = wanted === undefined ? documented.content[0] : contentFor(documented.content, wanted);
  if (content === undefined) {
    throw new UsageError(
      `${operation.name} answered ${reply.status} with a body of type "${wanted ?? 'none'}", which its contract does not document`,
    );
  }
  return wanted !== undefined && content.type.includes('*') ? { ...content, type: wanted } : content;
}

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The platform would throw in the middle of the answer. */
function headersOf(operation: OperationDefinition, given: ReplyHeaders | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    const text = String(value);
    if (!headerName.test(name) || !headerValue.test(text)) {
      throw new UsageError(`${operation.name} answered with a header ${JSON.stringify(name)} that HTTP does not allow`);
    }
    headers[name.toLowerCase()] = text;
  }
  return headers;
}

/** Problem details as an answer. */
export function problemReply(problem: Problem, headers: Readonly<Record<string, string>> = {}): ServerReply {
  return {
    status: problem.status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
    body: JSON.stringify(problem),
  };
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
