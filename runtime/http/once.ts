import { hash } from 'node:crypto';
import type { Clock } from '../clock.js';
import { UsageError } from '../errors.js';
import { currentScope } from '../scope.js';
import type { ReplyKey, Transaction } from '../stores/store.js';
import { type OperationDefinition, replyFor } from './operation.js';
import { ProblemError } from './problem.js';
import type { HttpReply, ReplyHeaders } from './reply.js';

/**
 * Runs the work of an operation in one transaction of the service, once per idempotency key: what `work` writes and its answer are kept together or not at all.
 * The same request again gets the kept answer, while the first one is at work after waiting for it. `work` may run more than once (see `Store`), and must have no
 * effect outside `tx`; what it throws undoes it, so that the caller may try again. To be called once per request, and its result to be answered.
 */
export type Once<Tx, Reply> = (work: (tx: Tx) => Promise<Reply>) => Promise<Reply>;

/** The service whose transactions hold effects and kept replies; a generated service is one. */
export interface KeepingService<Tx> {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** One request that may come again. */
export interface KeyedRequest {
  readonly operation: OperationDefinition;
  /** Who asks: two callers may choose the same key. */
  readonly caller: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** The kept replies of one server. */
export interface KeptReplies {
  /** The answer that the request got before; null when there is none. Waits for the same request while it is at work in this process. */
  find(request: KeyedRequest): Promise<HttpReply | null>;
  /** Finds the answer, or does the work and keeps its answer. `check` throws for an answer that must not be kept. */
  once(
    request: KeyedRequest,
    work: (tx: never) => Promise<HttpReply>,
    check: (reply: HttpReply) => void,
  ): Promise<{ readonly reply: HttpReply; readonly replayed: boolean }>;
}

export function createKeptReplies(service: KeepingService<never>, clock: Clock, ttlMs: number): KeptReplies {
  // The lock in the database decides between processes. Within one it would let a thousand requests with one key take every connection, so they queue here first.
  const lines = new Map<string, Promise<unknown>>();

  const inTransaction = <T>(work: (tx: never, kept: Transaction) => Promise<T>): Promise<T> =>
    service.transaction((tx) => work(tx, openTransaction()));

  const read = async (kept: Transaction, request: KeyedRequest): Promise<HttpReply | null> => {
    const found = await kept.keptReply(nameOf(request), clock.now());
    if (found === null) return null;
    if (found.fingerprint === request.fingerprint) return replyOf(found.reply);
    throw otherRequest(request.operation);
  };

  async function run(
    request: KeyedRequest,
    work: (tx: never) => Promise<HttpReply>,
    check: (reply: HttpReply) => void,
  ): Promise<{ readonly reply: HttpReply; readonly replayed: boolean }> {
    return inTransaction(async (tx, kept) => {
      await kept.lock([lineOf(request)]);
      const earlier = await read(kept, request);
      if (earlier !== null) return { reply: earlier, replayed: true };
      const reply = await work(tx);
      check(reply);
      const { fingerprint } = request;
      await kept.keepReply(nameOf(request), { fingerprint, reply: textOf(reply), expiresAt: clock.now() + ttlMs });
      return { reply, replayed: false };
    });
  }

  return {
    async find(request) {
      await lines.get(lineOf(request));
      return inTransaction((_tx, kept) => read(kept, request));
    },
    async once(request, work, check) {
      const line = lineOf(request);
      const turn = (lines.get(line) ?? Promise.resolve()).then(() => run(request, work, check));
      const end = turn.catch(() => {});
      lines.set(line, end);
      try {
        return await turn;
      } finally {
        if (lines.get(line) === end) lines.delete(line);
      }
    },
  };
}

/** The store's side of the transaction that is open: the service's own type offers what handlers need. */
function openTransaction(): Transaction {
  const unit = currentScope()?.unit;
  if (unit === undefined) throw new UsageError('`service` of the server has to be a service made by createService');
  return unit.tx;
}

/**
 * As draft-ietf-httpapi-idempotency-key-header asks: a key that comes again with another payload is 422. Contracts that know only 409 for it get that one. The
 * draft's 409 for a request that is still at work is never answered, since whoever comes second waits.
 */
function otherRequest(operation: OperationDefinition): ProblemError {
  const knows = (status: number) => replyFor(operation, status)?.status === String(status);
  return new ProblemError(!knows(422) && knows(409) ? 409 : 422, {
    title: 'The idempotency key belongs to another request',
    detail:
      'this key came before with other parameters or another body: choose a new key for a new request, and repeat a request as it was',
  });
}

function lineOf({ operation, caller, key }: KeyedRequest): string {
  return `reply ${JSON.stringify([operation.name, bounded(caller), bounded(key)])}`;
}

function nameOf({ operation, caller, key }: KeyedRequest): ReplyKey {
  return { operation: operation.name, caller: bounded(caller), key: bounded(key) };
}

/** Both come from outside: no database takes names of any length, or with zeros in them. */
function bounded(text: string): string {
  return text.length <= 200 && !text.includes('\0') ? text : `sha256:${hash('sha256', text, 'hex')}`;
}

interface Written {
  readonly status: number;
  readonly headers?: ReplyHeaders;
  readonly contentType?: string;
  readonly body?: unknown;
  /** A body that is no JSON, in base64. */
  readonly bytes?: string;
}

function textOf({ status, headers, contentType, body }: HttpReply): string {
  if (body instanceof FormData)
    throw new UsageError('an answer of several parts cannot be kept for an idempotency key');
  const written: Written = {
    status,
    ...(headers !== undefined && { headers }),
    ...(contentType !== undefined && { contentType }),
    ...(body instanceof Uint8Array ? { bytes: Buffer.from(body).toString('base64') } : { body }),
  };
  return JSON.stringify(written);
}

function replyOf(text: string): HttpReply {
  const { bytes, ...reply } = JSON.parse(text) as Written;
  return bytes === undefined ? reply : { ...reply, body: new Uint8Array(Buffer.from(bytes, 'base64')) };
}
