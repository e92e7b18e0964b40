import type { Clock, Random } from '../clock.js';
import type { Logger } from '../log.js';
import type { FlagDefinition } from './feature-flags.js';
import type { KeptReplies } from './once.js';
import type { OperationDefinition } from './operation.js';
import type { HttpReply } from './reply.js';
import type { Match } from './route.js';
import type { ServerCall, ServerOptions } from './server-options.js';

/** A handler as the server sees it; the generated types say what it gets and gives. */
export type OperationHandler = (call: ServerCall & Readonly<Record<string, unknown>>) => HttpReply | Promise<HttpReply>;

/** What all requests to one server share. */
export interface ServerContext {
  readonly service: string;
  readonly basePath: string;
  readonly options: ServerOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly handlers: Readonly<Record<string, OperationHandler>>;
  readonly flags: Readonly<Record<string, readonly FlagDefinition[]>>;
  /** Operations that take an idempotency key. */
  readonly keyed: ReadonlySet<OperationDefinition>;
  /** Absent when no service keeps answers. */
  readonly kept: KeptReplies | undefined;
  route(method: string, path: string): Match<OperationDefinition>;
}
