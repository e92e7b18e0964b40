/// <reference types="node" preserve="true" />
import { type Clock, type Random, systemClock, systemRandom } from '../clock.js';
import { UsageError } from '../errors.js';
import { type Logger, silentLogger } from '../log.js';
import { currentScope, type Scope } from '../scope.js';
import type { Telemetry } from '../telemetry.js';
import { addressOf } from './address.js';
import { type CallPlace, HttpConnectionError } from './errors.js';
import { type CallPolicy, execute } from './execute.js';
import type { OperationDefinition } from './operation.js';
import { type ReadReplyOptions, readReply } from './read-reply.js';
import { callSpan } from './spans.js';
import { writeRequest } from './write-request.js';

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

export type Credentials = Readonly<Record<string, string>>;

/** One call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Instead of the policy's timeout. */
  readonly timeoutMs?: number;
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

type Call = (request?: Readonly<Record<string, unknown>>, options?: CallOptions) => Promise<unknown>;

/**
 * A client with one method per call; `Client` is the generated interface of it.
 *
 * A call is refused with `UsageError` while a database transaction is open: it would hold its locks for as long as the provider likes. The
 * correlation id and the trace of the work at hand go along. A 2xx answer gives its body, after a check against the contract; a documented other
 * status throws `HttpStatusError`, anything else `UnexpectedReplyError`, no answer `HttpTimeoutError` or `HttpConnectionError`.
 */
export function createClient<Client extends object>(definition: ClientDefinition, options: ClientOptions = {}): Client {
  const methods = Object.entries(definition.calls).map(([name, call]): [string, Call] => [
    name,
    (request = {}, callOptions = {}) => perform(definition, call, options, request, callOptions),
  ]);
  return Object.freeze(Object.fromEntries(methods)) as Client;
}

async function perform(
  definition: ClientDefinition,
  call: CallDefinition,
  options: ClientOptions,
  request: Readonly<Record<string, unknown>>,
  callOptions: CallOptions,
): Promise<unknown> {
  const { operation } = call;
  const place: CallPlace = { provider: definition.provider, operation: operation.name };
  refuseInTransaction(place);
  const address = addressOf(definition.provider, definition.servers, options.urls);
  const cause = currentScope()?.cause ?? { correlationId: (options.random ?? systemRandom).uuid() };
  return callSpan(place, operation, address, cause, (traced, status) =>
    performIn({ definition, call, options, request, callOptions, place, address, cause: traced, status }),
  );
}

interface Performance {
  readonly definition: ClientDefinition;
  readonly call: CallDefinition;
  readonly options: ClientOptions;
  readonly request: Readonly<Record<string, unknown>>;
  readonly callOptions: CallOptions;
  readonly place: CallPlace;
  readonly address: string;
  readonly cause: Scope['cause'];
  /** Tells the status of the answer. */
  status(code: number): void;
}

async function performIn({
  definition,
  call,
  options,
  request,
  callOptions,
  place,
  address,
  ...rest
}: Performance): Promise<unknown> {
  const { operation } = call;
  const { clock = systemClock, log = silentLogger } = options;
  const { url, init } = writeRequest(call, address, request, {
    caller: definition.caller,
    headers: callOptions.headers ?? {},
    cause: rest.cause,
  });
  const credentials =
    operation.security.length === 0
      ? {}
      : ((await options.authorize?.({ ...place, schemes: operation.security })) ?? {});
  for (const [name, value] of Object.entries(credentials)) init.headers.set(name, value);
  const reading: ReadReplyOptions = { nullOn: call.nullOn, maxBytes: options.replyMaxBytes ?? 16 * 1024 * 1024 };
  const startedMs = clock.now();
  let status = 'none';
  try {
    const policy =
      callOptions.timeoutMs === undefined ? call.policy : { ...call.policy, timeoutMs: callOptions.timeoutMs };
    const send = options.fetch ?? fetch;
    return await execute(
      policy,
      async (signal) => {
        const response = await connect(() => send(url, { ...init, signal }), place);
        status = String(response.status);
        rest.status(response.status);
        return await readReply(response, operation, place, reading);
      },
      { place, clock, signal: callOptions.signal },
    );
  } finally {
    const seconds = (clock.now() - startedMs) / 1000;
    log.info({ ...place, status, seconds, correlationId: init.headers.get('x-correlation-id') }, 'called');
    options.telemetry?.duration('http.client.request.duration', seconds, { ...place, status });
  }
}

function refuseInTransaction(place: CallPlace): void {
  if (currentScope()?.unit === undefined) return;
  throw new UsageError(
    `${place.provider}.${place.operation} is called inside a database transaction, which would stay open until the answer comes: call before it or after it`,
  );
}

/** Whatever the platform throws before there is an answer is a broken connection; an abort is told by its own reason. */
async function connect(send: () => Promise<Response>, place: CallPlace): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    throw new HttpConnectionError(place, error);
  }
}
