/// <reference types="node" preserve="true" />
import { type Clock, type Random, systemClock, systemRandom } from '../clock.js';
import { UsageError } from '../errors.js';
import { environmentLogger } from '../json-log.js';
import { inContext, type Logger, withFacts } from '../log.js';
import { probe, type Readiness } from '../probes.js';
import { inScope, type Scope } from '../scope.js';
import type { Telemetry } from '../telemetry.js';
import { type Authenticate, callerOf } from './authenticate.js';
import { causeOfRequest } from './correlation.js';
import { type Listening, type ListenOptions, listen } from './node-adapter.js';
import type { OperationDefinition } from './operation.js';
import { ProblemError } from './problem.js';
import { type HttpReply, problemResponse, replyResponse } from './reply.js';
import { readRequestBody } from './request-body.js';
import { readRequestParameters } from './request-parameters.js';
import { createRouter, type Match } from './route.js';
import { requestSpan } from './spans.js';

/** What a handler knows of the request beside its parameters and its body. */
export interface ServerCall<Caller = unknown> {
  /** What `authenticate` gave; undefined for operations without security. */
  readonly caller: Caller | undefined;
  readonly correlationId: string;
  readonly log: Logger;
  /** Aborted when the connection breaks. */
  readonly signal: AbortSignal;
}

export interface ServerOptions<Caller = unknown> {
  /**
   * Says who calls an operation that the contract secures. There is no default: a server with such operations does not start without it. `none` says
   * that somebody else, such as a gateway, lets no unknown caller through.
   */
  readonly authenticate?: Authenticate<Caller> | 'none';
  /** Longest request body, in bytes. Default 1 MiB. */
  readonly bodyMaxBytes?: number;
  /** Path before those of the contract. Default: that of the contract's first server. */
  readonly basePath?: string;
  /** Answer of `/ready`, such as `service.health`; `/health` always answers 200 while the process does. Default: true. A contract may have these paths itself. */
  readonly ready?: Readiness;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Logger;
  readonly telemetry?: Telemetry;
}

/** Options of a server with operations that the contract secures: who may call has to be said. */
export interface SecuredServerOptions<Caller = unknown> extends ServerOptions<Caller> {
  readonly authenticate: Authenticate<Caller> | 'none';
}

export interface HttpServer {
  /** Answers one request; never rejects. For every platform that speaks Request and Response. */
  fetch(request: Request): Promise<Response>;
  /** Answers over a port of this machine. */
  listen(options?: ListenOptions): Promise<Listening>;
}

export interface ServerDefinition {
  readonly service: string;
  /** Path of the contract's first server, without a trailing slash. */
  readonly basePath: string;
  readonly operations: readonly OperationDefinition[];
}

/** A handler as the server sees it; the generated types say what it gets and gives. */
export type OperationHandler = (call: ServerCall & Readonly<Record<string, unknown>>) => HttpReply | Promise<HttpReply>;

/**
 * A server for the operations of one service. `handlers` has a method for each of them.
 *
 * Every request is routed, its caller found, its parameters and its body checked, and its handler run in the scope of its correlation id, so that
 * events and calls made inside carry it on. What goes wrong is answered with problem details (RFC 9457); an unexpected error of a handler is logged
 * and answered with 500, without its message. Throws `UsageError` when the contract secures operations and nobody says who may call.
 */
export function createServer<Caller>(
  definition: ServerDefinition,
  handlers: object,
  options: ServerOptions<Caller> = {},
): HttpServer {
  const { operations, service } = definition;
  const secured = operations.find((operation) => operation.security.length > 0);
  if (secured !== undefined && options.authenticate === undefined) {
    throw new UsageError(
      `${service}: the contract secures ${secured.name}: pass authenticate, or 'none' when somebody else checks who calls`,
    );
  }
  const basePath = (options.basePath ?? definition.basePath).replace(/\/+$/, '');
  const context: Context<Caller> = {
    service,
    basePath,
    options,
    random: options.random ?? systemRandom,
    clock: options.clock ?? systemClock,
    log: withFacts(inContext(options.log ?? environmentLogger()), { service }),
    route: createRouter(
      operations.map((operation) => ({ method: operation.method, path: basePath + operation.path, target: operation })),
    ),
    handlers: handlers as Readonly<Record<string, OperationHandler>>,
  };
  const answer = (request: Request): Promise<Response> => respond(request, context);
  return {
    fetch: answer,
    listen: (listenOptions = {}) => listen(answer, { basePath, ...listenOptions }),
  };
}

interface Context<Caller> {
  readonly service: string;
  readonly basePath: string;
  readonly options: ServerOptions<Caller>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly handlers: Readonly<Record<string, OperationHandler>>;
  route(method: string, path: string): Match<OperationDefinition>;
}

function respond<Caller>(request: Request, context: Context<Caller>): Promise<Response> {
  return requestSpan(request.method, causeOfRequest(request.headers, context.random), (cause, found) =>
    respondIn(request, cause, context, found),
  );
}

async function respondIn<Caller>(
  request: Request,
  cause: Scope['cause'],
  context: Context<Caller>,
  found: (operation: OperationDefinition, route: string) => void,
): Promise<Response> {
  const log = withFacts(context.log, { correlationId: cause.correlationId });
  const startedMs = context.clock.now();
  let operation = 'none';
  let response: Response;
  try {
    response = await inScope({ service: context.service, cause }, async () => {
      const url = new URL(request.url);
      const match = routeOf(request.method, url.pathname, context);
      if (match.kind !== 'found') return await unrouted(match, url.pathname, context);
      operation = match.target.name;
      found(match.target, context.basePath + match.target.path);
      return await perform(request, url, match.target, match.parameters, cause, log, context);
    });
  } catch (error) {
    if (!(error instanceof ProblemError)) log.error({ operation, error }, 'a handler failed');
    const { problem, headers } = error instanceof ProblemError ? error : new ProblemError(500);
    response = problemResponse({ ...problem, correlationId: cause.correlationId }, headers);
  }
  response.headers.set('x-correlation-id', cause.correlationId);
  const seconds = (context.clock.now() - startedMs) / 1000;
  const status = String(response.status);
  if (operation !== 'none') log.info({ operation, status, seconds }, 'answered');
  context.options.telemetry?.duration('http.server.request.duration', seconds, { operation, status });
  return response;
}

/** `HEAD` is answered like `GET`, of which the platform sends the headers alone. */
function routeOf<Caller>(method: string, path: string, { route }: Context<Caller>): Match<OperationDefinition> {
  const match = route(method, path);
  return method === 'HEAD' && match.kind === 'method' && match.allow.includes('GET') ? route('GET', path) : match;
}

async function perform<Caller>(
  request: Request,
  url: URL,
  operation: OperationDefinition,
  path: ReadonlyMap<string, string>,
  cause: Scope['cause'],
  log: Logger,
  context: Context<Caller>,
): Promise<Response> {
  const { options } = context;
  const caller = await callerOf(request, operation, options.authenticate);
  const parameters = readRequestParameters(request, url, operation, path);
  const read = await readRequestBody(request, operation, options.bodyMaxBytes ?? 1024 * 1024);
  const handler = context.handlers[operation.name];
  if (handler === undefined) throw new UsageError(`${context.service} has no handler for ${operation.name}`);
  const reply = await handler.call(context.handlers, {
    ...parameters,
    ...read,
    caller,
    correlationId: cause.correlationId,
    log: withFacts(log, { operation: operation.name }),
    signal: request.signal,
  });
  return replyResponse(operation, reply);
}

async function unrouted<Caller>(
  match: Match<OperationDefinition>,
  path: string,
  context: Context<Caller>,
): Promise<Response> {
  if (match.kind === 'method') throw new ProblemError(405, {}, { allow: match.allow.join(', ') });
  if (match.kind === 'malformed') throw new ProblemError(400, { detail: 'the path is no percent-encoded UTF-8' });
  const answer = await probe(path, context.options.ready);
  if (answer === undefined) throw new ProblemError(404);
  return answer;
}
