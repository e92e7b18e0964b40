import { writeBody } from '../../runtime/http/body.js';
import { replyFor } from '../../runtime/http/operation.js';
import { ProblemError } from '../../runtime/http/problem.js';
import { readRequestBody } from '../../runtime/http/request-body.js';
import { readRequestParameters } from '../../runtime/http/request-parameters.js';
import { webRequest } from '../../runtime/http/web-adapter.js';
import { demandCredentials } from './credentials.js';
import type { Fault } from './fault.js';
import type { Memory } from './memory.js';
import { perform } from './perform.js';
import { type Preference, readPrefer } from './prefer.js';
import type { StubContent, StubOperation, StubReply } from './provider.js';
import { bodyOf, headersOf, isSame, seedOf, wrongBody } from './values.js';

/** An answer as it goes out, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** One request that belongs to an operation. */
export interface Asked {
  readonly operation: StubOperation;
  readonly request: Request;
  readonly url: URL;
  /** Path without the one before those of the contract. */
  readonly path: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly fault: Fault | undefined;
}

export interface Surroundings {
  readonly seed: number;
  readonly basePath: string;
  readonly memory: Memory;
  /** Answers by operation, path and idempotency key. */
  readonly kept: Map<string, { readonly body: unknown; readonly answer: Answer }>;
  /** Told of each request that is carried out; the repetition of one is not. */
  readonly carriedOut?: () => void;
}

const BODY_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Answers as the contract says: credentials, parameters and body are demanded first, then the status that the fault or the caller wishes, else the
 * first success. Throws `ProblemError` on what breaks the contract.
 */
export async function answer(asked: Asked, around: Surroundings): Promise<Answer> {
  const { operation, request, url, path, parameters, fault } = asked;
  if (fault?.status !== undefined) return failure(asked, fault.status, around);
  demandCredentials(operation.security, request.headers, url);
  readRequestParameters(request.headers, url.search, operation.definition, parameters);
  const read = await readRequestBody(webRequest(request), operation.definition, BODY_MAX_BYTES);
  const body = 'content' in read ? read.content.value : read.body;
  const header = operation.idempotencyHeader;
  const prefer = readPrefer(request.headers.get('prefer'));
  const isWished = prefer.code !== undefined || prefer.example !== undefined;
  // A wish is for this answer, not for those that come under the same key.
  const idempotencyKey = header === undefined || isWished ? null : request.headers.get(header);
  const place = [operation.definition.method, path, idempotencyKey].join(' ');
  const before = idempotencyKey === null ? undefined : around.kept.get(place);
  if (before !== undefined) {
    if (isSame(comparable(before.body), comparable(body))) return before.answer;
    throw new ProblemError(422, { detail: `the idempotency key "${idempotencyKey}" came with another body before` });
  }
  const made = await success(asked, body, prefer, around);
  around.carriedOut?.();
  if (idempotencyKey !== null) around.kept.set(place, { body, answer: made });
  return made;
}

async function success(asked: Asked, body: unknown, prefer: Preference, around: Surroundings): Promise<Answer> {
  const { operation, request, path, parameters } = asked;
  const status = prefer.code ?? statusWith(operation, prefer.example) ?? firstStatus(operation);
  const reply = replyOf(operation, status);
  const seed = seedOf(around.seed, operation.name, status, path);
  const isSuccess = status >= 200 && status < 300;
  const content = bodiless.has(status) ? undefined : contentOf(reply, request, prefer.example);
  const { role } = operation;
  if (role === undefined || !isSuccess || prefer.example !== undefined) {
    const made = content === undefined ? undefined : bodyOf(operation, content, seed, prefer.example);
    return written(asked, { status, reply, content, body: made, seed });
  }
  const outcome = perform({ operation, role, memory: around.memory, path, parameters, body, content, seed });
  if (outcome.kind === 'missing') {
    if (prefer.code === undefined) return failure(asked, 404, around);
    const made = content === undefined ? undefined : bodyOf(operation, content, seed);
    return written(asked, { status, reply, content, body: made, seed });
  }
  const location = outcome.location === undefined ? {} : { location: `${around.basePath}${outcome.location}` };
  return written(asked, { status, reply, content, body: outcome.body, seed, headers: location });
}

/** A status that nobody wished for: what the contract says about it, else problem details. */
async function failure(asked: Asked, status: number, around: Surroundings): Promise<Answer> {
  const { operation, request, path, fault } = asked;
  const headers = fault?.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
  const documented = replyFor(operation.definition, status);
  const reply = operation.replies.find((each) => each.status === documented?.status);
  if (reply === undefined) throw new ProblemError(status, {}, headers);
  const seed = seedOf(around.seed, operation.name, status, path);
  const content = bodiless.has(status) ? undefined : contentOf(reply, request, undefined);
  const body = content === undefined ? undefined : bodyOf(operation, content, seed);
  return written(asked, { status, reply, content, body, seed, headers });
}

/** Statuses whose answers have no body (RFC 9110). */
const bodiless = new Set([204, 205, 304]);

function replyOf(operation: StubOperation, status: number): StubReply | undefined {
  const documented = replyFor(operation.definition, status);
  const reply = operation.replies.find((each) => each.status === documented?.status);
  if (documented === undefined || status < 200) {
    const known = operation.replies.map((each) => each.status).join(', ');
    throw new ProblemError(400, {
      title: 'No such answer',
      detail: `the contract of ${operation.id} documents no answer ${status}; it documents ${known}`,
    });
  }
  return reply;
}

/** The first documented success, else what stands for all statuses, else the first status of all. */
function firstStatus({ replies }: StubOperation): number {
  const numbers = replies.map(({ status }) => Number(/^\d{3}$/.test(status) ? status : Number.NaN));
  const success = numbers.find((status) => status >= 200 && status < 300);
  if (success !== undefined) return success;
  if (replies.length === 0 || replies.some(({ status }) => status === '2XX' || status === 'default')) return 200;
  const first = numbers.find((status) => status >= 200);
  return first ?? Number(`${replies[0]?.status[0] ?? 2}00`);
}

/** The status whose answer has an example of this name. Throws `ProblemError` when none has. */
function statusWith(operation: StubOperation, example: string | undefined): number | undefined {
  if (example === undefined) return undefined;
  const shown = operation.replies.filter(({ content }) => content.some((each) => hasExample(each, example)));
  const [reply] = shown;
  if (reply !== undefined) return /^\d{3}$/.test(reply.status) ? Number(reply.status) : firstOfClass(reply.status);
  const names = operation.replies.flatMap(({ content }) => content.flatMap(({ examples }) => examples));
  const known = [...new Set(names.map(({ name }) => name).filter((name) => name !== ''))];
  throw new ProblemError(400, {
    title: 'No such example',
    detail: `the contract of ${operation.id} has no example "${example}"; it has ${known.map((name) => `"${name}"`).join(', ') || 'none'}`,
  });
}

function firstOfClass(status: string): number {
  return status === 'default' ? 200 : Number(`${status[0]}00`);
}

function hasExample({ examples }: StubContent, name: string): boolean {
  return examples.some((example) => example.name === name);
}

/** The media type that the caller accepts, in the order of the contract; the first one when it accepts none of them. */
function contentOf(
  reply: StubReply | undefined,
  request: Request,
  example: string | undefined,
): StubContent | undefined {
  const all = reply?.content ?? [];
  const content = example === undefined ? all : all.filter((each) => hasExample(each, example));
  const accepted = (request.headers.get('accept') ?? '*/*')
    .split(',')
    .map((part) => part.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  return content.find(({ definition }) => accepted.some((range) => accepts(range, definition.type))) ?? content[0];
}

function accepts(range: string, type: string): boolean {
  return range === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}

interface Written {
  readonly status: number;
  readonly reply: StubReply | undefined;
  readonly content: StubContent | undefined;
  readonly body: unknown;
  readonly seed: number;
  readonly headers?: Readonly<Record<string, string>>;
}

async function written(asked: Asked, { status, reply, content, body, seed, headers }: Written): Promise<Answer> {
  const made = reply === undefined ? {} : lowerCase(headersOf(reply, seed));
  const { fault, operation } = asked;
  const retry = fault?.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter };
  if (content === undefined || fault?.damage === 'empty')
    return { status, headers: { ...made, ...headers, ...retry }, body: new Uint8Array() };
  const wrong = fault?.damage === 'wrong-body' ? wrongBody(operation, content, body) : undefined;
  const { bytes, type } = await bytesOf(content, wrong === undefined ? body : wrong);
  return {
    status,
    headers: { ...made, ...headers, ...retry, ...(type === null ? {} : { 'content-type': type }) },
    body: fault?.damage === 'garbage' ? garbageOf(bytes) : bytes,
  };
}

async function bytesOf(
  { definition }: StubContent,
  body: unknown,
): Promise<{ readonly bytes: Uint8Array; readonly type: string | null }> {
  const { body: wire, contentType } = writeBody(body, { ...definition, type: concrete(definition.type) });
  const response = new Response(wire);
  const type = contentType ?? response.headers.get('content-type');
  return { bytes: new Uint8Array(await response.arrayBuffer()), type };
}

/** A range is documented, a type is answered. */
function concrete(type: string): string {
  const family = type.split('/', 1)[0] ?? '';
  return type.endsWith('/*') ? (concreteTypes[family] ?? type) : type;
}

const concreteTypes: Readonly<Record<string, string>> = {
  image: 'image/png',
  text: 'text/plain',
  audio: 'audio/mpeg',
  video: 'video/mp4',
};

/** Begins like the right body, is no JSON, and no UTF-8 either. */
function garbageOf(bytes: Uint8Array): Uint8Array {
  const begun = bytes.subarray(0, Math.max(1, bytes.byteLength >> 1));
  return new Uint8Array([...begun, 0xc3, 0x28, ...new TextEncoder().encode('}]"<')]);
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Bodies of every kind as values that can be compared. */
function comparable(body: unknown): unknown {
  if (body instanceof FormData)
    return [...body].map(([name, value]) => [name, typeof value === 'string' ? value : value.size]);
  return body instanceof Uint8Array ? [...body] : (body ?? null);
}
