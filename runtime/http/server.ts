/// <reference types="node" preserve="true" />
import { systemClock, systemRandom } from '../clock.js';
import { UsageError } from '../errors.js';
import { environmentLogger } from '../json-log.js';
import { inContext, withFacts } from '../log.js';
import type { ServiceTransaction } from '../service-transaction.js';
import { answerRequest } from './answer-request.js';
import type { Answer } from './exchange.js';
import type { FlagDefinition } from './feature-flags.js';
import { type Listening, type ListenOptions, listenWith } from './node-adapter.js';
import { serveNode } from './node-exchange.js';
import { createKeptReplies, type KeepingService } from './once.js';
import { isSecured, type OperationDefinition, takesKey } from './operation.js';
import { createRouter } from './route.js';
import type { ServerContext } from './server-context.js';
import type { ServerOptions } from './server-options.js';
import { webRequest, webResponse } from './web-adapter.js';

export interface HttpServer {
  /** Path before those of the contract, without a slash at its end. */
  readonly basePath: string;
  /** Answers one request; never rejects. For every platform that speaks Request and Response. */
  fetch(request: Request): Promise<Response>;
  /** The same for adapters to other platforms, without the detour over Request and Response. */
  readonly answer: Answer;
  /** Answers over a port of this machine. */
  listen(options?: ListenOptions): Promise<Listening>;
}

export interface ServerDefinition {
  readonly service: string;
  /** Path of the contract's first server, without a trailing slash. */
  readonly basePath: string;
  readonly operations: readonly OperationDefinition[];
  /** Flags of the features that an operation belongs to, by its method name; without one it is always there. */
  readonly flags?: Readonly<Record<string, readonly FlagDefinition[]>>;
}

const dayMs = 86_400_000;

/**
 * A server for the operations of one service. `handlers` has a method for each of them.
 *
 * Every request is routed, its caller found, its parameters and its body checked, and its handler run in the scope of its correlation id and its deadline, so that
 * events and calls made inside carry them on. The answer is checked, too. What goes wrong is answered with problem details (RFC 9457); an unexpected error of a
 * handler is logged and answered with 500, without its message. Throws `UsageError` when the contract secures operations and nobody says who may call.
 */
export function createServer<Caller, Tx = ServiceTransaction>(
  definition: ServerDefinition,
  handlers: object,
  options: ServerOptions<Caller, Tx> = {},
): HttpServer {
  const { operations, service } = definition;
  const secured = operations.find(isSecured);
  if (secured !== undefined && options.authenticate === undefined) {
    throw new UsageError(
      `${service}: the contract secures ${secured.name}: pass authenticate, or 'none' when somebody else checks who calls`,
    );
  }
  const basePath = (options.basePath ?? definition.basePath).replace(/\/+$/, '');
  const clock = options.clock ?? systemClock;
  const keeper = options.service as KeepingService<never> | undefined;
  const context: ServerContext = {
    service,
    basePath,
    // The generated types tie the caller to the handlers; from here on it is only passed through.
    options: options as unknown as ServerOptions,
    random: options.random ?? systemRandom,
    clock,
    log: withFacts(inContext(options.log ?? environmentLogger()), { service }),
    route: createRouter(
      operations.map((operation) => ({ method: operation.method, path: basePath + operation.path, target: operation })),
    ),
    handlers: handlers as ServerContext['handlers'],
    flags: definition.flags ?? {},
    keyed: new Set(operations.filter(takesKey)),
    kept: keeper && createKeptReplies(keeper, clock, options.keepRepliesMs ?? dayMs),
  };
  const answer: Answer = (request) => answerRequest(request, context);
  return {
    basePath,
    answer,
    fetch: async (request) => webResponse(await answer(webRequest(request))),
    listen: (listenOptions = {}) =>
      listenWith((incoming, outgoing, isClosing) => serveNode(answer, incoming, outgoing, isClosing), {
        basePath,
        ...listenOptions,
      }),
  };
}
