import { SeamwrightError, UsageError } from '../errors.js';
import { type Logger, withFacts } from '../log.js';
import { redact, redactError } from '../redact.js';
import { callerOf } from './authenticate.js';
import type { ServerReply, ServerRequest } from './exchange.js';
import { answerOff } from './feature-flags.js';
import { inTime } from './in-time.js';
import type { KeyedRequest } from './once.js';
import { keyProperty, type OperationDefinition } from './operation.js';
import { ProblemError } from './problem.js';
import type { ParameterGroups } from './read-parameters.js';
import { type HttpReply, replyProblem, writeReply } from './reply.js';
import { type ReadRequestBody, readRequestBody } from './request-body.js';
import { fingerprintOf } from './request-fingerprint.js';
import { readRequestParameters } from './request-parameters.js';
import type { ServerContext } from './server-context.js';

/** One request to an operation that is found. */
export interface Performance {
  readonly request: ServerRequest;
  readonly search: string;
  readonly operation: OperationDefinition;
  /** Values of the path's parameters. */
  readonly path: ReadonlyMap<string, string>;
  readonly correlationId: string;
  readonly log: Logger;
}

/** From the found operation to its answer, within the time that the caller gives. Throws `ProblemError`, and whatever a handler throws. */
export function perform(
  performance: Performance,
  deadlineAtMs: number | undefined,
  context: ServerContext,
): Promise<ServerReply> {
  if (deadlineAtMs === undefined) return performWith(performance, () => performance.request.signal(), context);
  const { operation, log } = performance;
  return inTime(performance.request, deadlineAtMs, context.clock, {
    work: (signal) => performWith(performance, () => signal, context),
    late: (error) => log.warn({ operation: operation.name, error }, 'a handler failed after its time was over'),
  });
}

async function performWith(
  { request, search, operation, path, ...rest }: Performance,
  signal: () => AbortSignal,
  context: ServerContext,
): Promise<ServerReply> {
  const { options, handlers } = context;
  const log = withFacts(rest.log, { operation: operation.name });
  const off = await answerOff(context.flags[operation.name], options.flags, log);
  if (off !== undefined) return off;
  const caller = await callerOf(request, operation, options.authenticate);
  const parameters = readRequestParameters(request.headers, search, operation, path);
  const read = await readRequestBody(request, operation, options.bodyMaxBytes ?? 1024 * 1024);
  if (options.logRequests === true) logRequest(log, operation, parameters, read);
  const handler = handlers[operation.name];
  if (handler === undefined) throw new UsageError(`${context.service} has no handler for ${operation.name}`);
  const call = {
    ...parameters,
    ...read,
    caller,
    correlationId: rest.correlationId,
    log,
    get signal() {
      return signal();
    },
  };
  try {
    if (!context.keyed.has(operation)) {
      const reply = await handler.call(handlers, call);
      check(operation, reply, log, context);
      return writeReply(operation, reply);
    }
    return await performOnce(operation, { call, parameters, read, log }, context);
  } catch (error) {
    // What a handler throws may quote what it fell over.
    throw error instanceof SeamwrightError ? error : redactError(operation.redact, bodyOf(read), error);
  }
}

/** An operation with an idempotency key: what was answered before is answered again, without its handler. */
async function performOnce(
  operation: OperationDefinition,
  {
    call,
    parameters,
    read,
    log,
  }: {
    readonly call: Parameters<ServerContext['handlers'][string]>[0];
    readonly parameters: ParameterGroups;
    readonly read: ReadRequestBody;
    readonly log: Logger;
  },
  context: ServerContext,
): Promise<ServerReply> {
  const { kept, handlers, options } = context;
  const request = await keyedRequest(operation, call.caller, parameters, read, context);
  const earlier = request === undefined ? null : ((await kept?.find(request)) ?? null);
  if (earlier !== null) return replayed(writeReply(operation, earlier));
  let used = false;
  let found: { readonly reply: HttpReply; readonly replayed: boolean } | undefined;
  const once = async (work: (tx: never) => Promise<HttpReply>): Promise<HttpReply> => {
    if (used) throw new UsageError(`${operation.name} calls once twice: do all its work in one`);
    used = true;
    if (kept === undefined || options.service === undefined)
      throw new UsageError(`${operation.name} calls once: pass service to the server of ${context.service}`);
    if (request === undefined) return (options.service.transaction as (run: typeof work) => Promise<HttpReply>)(work);
    found = await kept.once(request, work, (reply) => check(operation, reply, log, context));
    return found.reply;
  };
  const descriptors = { ...Object.getOwnPropertyDescriptors(call), once: { value: once, enumerable: true } };
  const reply = await handlers[operation.name]?.call(handlers, Object.defineProperties({}, descriptors) as typeof call);
  if (reply === undefined) throw new UsageError(`${operation.name} answered nothing`);
  if (request !== undefined && !used && reply.status < 400) report(operation, log, context);
  if (reply !== found?.reply) check(operation, reply, log, context);
  const written = writeReply(operation, reply);
  return found?.replayed === true ? replayed(written) : written;
}

/** Undefined when the caller sends no key: then nobody asks for more than one effect per request. */
async function keyedRequest(
  operation: OperationDefinition,
  caller: unknown,
  parameters: ParameterGroups,
  read: ReadRequestBody,
  { options }: ServerContext,
): Promise<KeyedRequest | undefined> {
  const key = parameters.headers[keyProperty];
  if (key === undefined) return undefined;
  if (key === '') throw new ProblemError(400, { detail: 'the idempotency key is empty' });
  return {
    operation,
    caller: callerIdOf(operation, caller, options.callerId),
    key: String(key),
    fingerprint: await fingerprintOf(operation, parameters, read),
  };
}

/** Keys of different callers must not meet, and those of one caller must, with whatever token it comes. */
function callerIdOf(
  { name }: OperationDefinition,
  caller: unknown,
  callerId: ((caller: unknown) => string) | undefined,
): string {
  if (caller === undefined) return '';
  if (callerId !== undefined) return callerId(caller);
  if (typeof caller === 'string') return caller;
  if (typeof caller === 'object' && caller !== null && 'id' in caller && typeof caller.id === 'string')
    return caller.id;
  throw new UsageError(`${name} takes an idempotency key, and its callers have no id: pass callerId to the server`);
}

/** Throws `UsageError` for an answer that breaks its contract, unless the server only logs those. */
function check(operation: OperationDefinition, reply: HttpReply, log: Logger, { options }: ServerContext): void {
  const problem = replyProblem(operation, reply);
  if (problem === undefined) return;
  options.telemetry?.count('seamwright.http.invalid_replies', { operation: operation.name });
  if (options.invalidReplies !== 'log') throw new UsageError(problem);
  log.error({ status: reply.status, problem }, 'a handler broke its contract');
}

/** Whoever sends a key relies on it. */
function report({ name }: OperationDefinition, log: Logger, { options }: ServerContext): void {
  log.warn({}, 'a handler answered a request with an idempotency key without once: sent again, it takes effect again');
  options.telemetry?.count('seamwright.http.unkept_replies', { operation: name });
}

function replayed(reply: ServerReply): ServerReply {
  return { ...reply, headers: { ...reply.headers, 'idempotent-replayed': 'true' } };
}

/** Headers and cookies stay out: they prove who calls. */
function logRequest(
  log: Logger,
  operation: OperationDefinition,
  { path, query }: ParameterGroups,
  read: ReadRequestBody,
): void {
  log.debug({ path, query, body: redact(operation.redact, bodyOf(read)) }, 'asked');
}

function bodyOf(read: ReadRequestBody): unknown {
  return 'content' in read ? read.content.value : read.body;
}
