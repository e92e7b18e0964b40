/// <reference types="node" preserve="true" />
import { type Clock, type Random, systemClock, systemRandom } from '../clock.js';
import { UsageError } from '../errors.js';
import { environmentLogger } from '../json-log.js';
import { inContext, type Logger, withFacts } from '../log.js';
import { currentScope, type Scope } from '../scope.js';
import type { Telemetry } from '../telemetry.js';
import { addressOf } from './address.js';
import type { Credentials } from './credentials.js';
import { deadlineHeader, deadlineText } from './deadline-header.js';
import { type CallPlace, HttpConnectionError } from './errors.js';
import { isSecured, type OperationDefinition } from './operation.js';
import { compose } from './policy/compose.js';
import type { Answer, CallPolicy, Next, Surroundings } from './policy/policy.js';
import { prepareRequest } from './prepare-request.js';
import { type ReadReplyOptions, readReply } from './read-reply.js';
import { callSpan } from './spans.js';

/** The clients of one caller. */
export interface ClientOptions {
  /** Base URL of each provider by its name; see `addressOf` for what applies without one. */
  readonly urls?: Readonly<Record<string, string | URL>>;
  /** Default: the platform's own. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Headers that prove who calls, such as `{ authorization: 'Bearer …' }`. Asked before each call of an operation with security. */
  readonly authorize?: (
    call: CallPlace & { readonly schemes: readonly string[] },
  ) => Credentials | Promise<Credentials>;
  /** Longest answer that is read, in bytes. Default 16 MiB. */
  readonly replyMaxBytes?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Logger;
  readonly telemetry?: Telemetry;
}

/** One call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Longest time of one try, instead of the policy's timeout. */
  readonly timeoutMs?: number;
  /** Told where the answer comes from, before the call resolves: a fallback or a kept answer may be worth a word to whoever gets it. */
  readonly onAnswer?: (info: Omit<Answer, 'value'>) => void;
  /** Sent beside those of the contract; they do not replace them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One provider as one caller sees it. */
export interface ClientDefinition {
  /** The service that calls; it names itself in `User-Agent`. */
  readonly caller: string;
  readonly provider: string;
  /** URLs of the contract. */
  readonly servers: readonly string[];
  readonly calls: Readonly<Record<string, CallDefinition>>;
}

export interface CallDefinition {
  readonly operation: OperationDefinition;
  /** Statuses that mean "there is none" and give null. */
  readonly nullOn: readonly number[];
  readonly policy: CallPolicy;
  /** Parameters lie in `path`, `query`, `headers` and `cookies` of the request, because their names clash. */
  readonly nested: boolean;
}

type Method = (request?: Readonly<Record<string, unknown>>, options?: CallOptions) => Promise<unknown>;

/**
 * A client with one method per call; `Client` is the generated interface of it.
 *
 * A call is refused with `UsageError` while a database transaction is open: it would hold its locks for as long as the provider likes. The
 * correlation id and the trace of the work at hand go along, and the time by which it must be over. A 2xx answer gives its body, after a check against the
 * contract; a documented other status throws `HttpStatusError`, anything else `UnexpectedReplyError`, no answer a `NoAnswerError`. A request that breaks
 * the contract throws `InvalidRequestError` and is not sent. The order in which the policy's parts apply is that of `compose`.
 */
export function createClient<Client extends object>(definition: ClientDefinition, options: ClientOptions = {}): Client {
  const methods = Object.entries(definition.calls).map(([name, call]): [string, Method] => {
    const place: CallPlace = { provider: definition.provider, operation: call.operation.name };
    const guarded = compose(call.policy, surroundingsOf(place, options));
    return [
      name,
      (request = {}, callOptions = {}) => perform({ definition, call, place, options, guarded }, request, callOptions),
    ];
  });
  return Object.freeze(Object.fromEntries(methods)) as Client;
}

/** One operation as the client keeps it between calls. */
interface Kept {
  readonly definition: ClientDefinition;
  readonly call: CallDefinition;
  readonly place: CallPlace;
  readonly options: ClientOptions;
  readonly guarded: (attempt: Next) => Next;
}

function surroundingsOf(place: CallPlace, { clock, random, telemetry }: ClientOptions): Surroundings {
  return {
    clock: clock ?? systemClock,
    random: random ?? systemRandom,
    count: (name, attributes) => telemetry?.count(name, { ...place, ...attributes }),
    gauge: (name, value) => telemetry?.gauge(name, value, { ...place }),
  };
}

async function perform(
  kept: Kept,
  request: Readonly<Record<string, unknown>>,
  callOptions: CallOptions,
): Promise<unknown> {
  const { definition, call, place, options } = kept;
  const scope = currentScope();
  refuseInTransaction(place, scope);
  reportInHandler(place, scope, options);
  const address = addressOf(definition.provider, definition.servers, options.urls);
  const cause = scope?.cause ?? { correlationId: (options.random ?? systemRandom).uuid() };
  return callSpan(place, call.operation, address, cause, (traced, status) =>
    performIn(kept, { request, callOptions, address, scope, cause: traced, status }),
  );
}

/** One call of an operation. */
interface Performance {
  readonly request: Readonly<Record<string, unknown>>;
  readonly callOptions: CallOptions;
  readonly address: string;
  readonly scope: Scope | undefined;
  readonly cause: Scope['cause'];
  /** Tells the status of the answer. */
  status(code: number): void;
}

async function performIn(
  { definition, call, place, options, guarded }: Kept,
  { request, callOptions, address, scope, cause, ...tell }: Performance,
): Promise<unknown> {
  const { operation } = call;
  const { clock = systemClock, random = systemRandom } = options;
  const log = withFacts(inContext(options.log ?? environmentLogger()), { service: definition.caller });
  const credentials = !isSecured(operation)
    ? {}
    : ((await options.authorize?.({ ...place, schemes: operation.security })) ?? {});
  const prepared = prepareRequest(call, address, request, {
    place,
    random,
    credentials,
    caller: definition.caller,
    headers: callOptions.headers ?? {},
    cause,
  });
  const { url, init } = prepared;
  const reading: ReadReplyOptions = { nullOn: call.nullOn, maxBytes: options.replyMaxBytes ?? 16 * 1024 * 1024 };
  const send = options.fetch ?? fetch;
  const startedMs = clock.now();
  let status = 'none';
  const attempt: Next = async ({ signal, deadlineAtMs }) => {
    if (deadlineAtMs !== undefined) init.headers.set(deadlineHeader, deadlineText(deadlineAtMs));
    const response = await connect(() => send(url, { ...init, ...(signal && { signal }) }), place);
    status = String(response.status);
    tell.status(response.status);
    const value = await readReply(response, operation, place, reading);
    return { value, status: response.status, headers: response.headers, from: 'provider' };
  };
  try {
    const { value, ...info } = await guarded(attempt)({
      place,
      signal: callOptions.signal,
      deadlineAtMs: scope?.deadlineAtMs,
      timeoutMs: callOptions.timeoutMs,
      repeatable: prepared.repeatable,
      cacheKey: prepared.cacheKey,
      attempt: 1,
    });
    callOptions.onAnswer?.(info);
    return value;
  } finally {
    const seconds = (clock.now() - startedMs) / 1000;
    log.info({ ...place, status, seconds, correlationId: cause.correlationId }, 'called');
    options.telemetry?.duration('http.client.request.duration', seconds, { ...place, status });
  }
}

function refuseInTransaction(place: CallPlace, scope: Scope | undefined): void {
  if (scope?.unit === undefined) return;
  throw new UsageError(
    `${place.provider}.${place.operation} is called inside a database transaction, which would stay open until the answer comes: call before it or after it`,
  );
}

/** A handler that calls is as slow and as often away as whom it calls; a contract that knows of it lists the call. */
function reportInHandler(place: CallPlace, scope: Scope | undefined, { log, telemetry }: ClientOptions): void {
  if (scope?.consumer === undefined || scope.calls?.includes(`${place.provider}.${place.operation}`)) return;
  const facts = { ...place, consumer: scope.consumer };
  log?.warn(facts, 'a handler calls a service that its contract does not list under "calls"');
  telemetry?.count('seamwright.http.unlisted_calls', facts);
}

/** Whatever the platform throws before there is an answer is a broken connection; an abort is told by its own reason. */
async function connect(send: () => Promise<Response>, place: CallPlace): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    throw new HttpConnectionError(place, error);
  }
}
