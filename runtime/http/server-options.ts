/// <reference types="node" preserve="true" />
import type { Clock, Random } from '../clock.js';
import type { Logger } from '../log.js';
import type { Readiness } from '../probes.js';
import type { ServiceTransaction } from '../service-transaction.js';
import type { Telemetry } from '../telemetry.js';
import type { Authenticate } from './authenticate.js';
import type { Flags } from './feature-flags.js';
import type { KeepingService } from './once.js';

/** What a handler knows of the request beside its parameters and its body. */
export interface ServerCall<Caller = unknown> {
  /** What `authenticate` gave; undefined for operations without security. */
  readonly caller: Caller | undefined;
  readonly correlationId: string;
  readonly log: Logger;
  /** Aborted when the connection breaks, and when the time that the caller gave is over. */
  readonly signal: AbortSignal;
}

export interface ServerOptions<Caller = unknown, Tx = ServiceTransaction> {
  /**
   * Says who calls an operation that the contract secures. There is no default: a server with such operations does not start without it. `none` says
   * that somebody else, such as a gateway, lets no unknown caller through.
   */
  readonly authenticate?: Authenticate<Caller> | 'none';
  /** The service whose transactions `once` runs in, and which keeps the answers of operations with an idempotency key. */
  readonly service?: KeepingService<Tx>;
  /** Who a caller is, for `once`: the same text for the same caller. Default: the caller when it is a text, else its `id`. */
  readonly callerId?: (caller: Caller) => string;
  /** How long an answer is kept for its idempotency key, in ms. Default 24 hours. */
  readonly keepRepliesMs?: number;
  /** Which features are on. Default: `SEAMWRIGHT_FLAG_<NAME>` (`on`, `off`), else what the contract says. */
  readonly flags?: Flags;
  /** What becomes of an answer whose body breaks the contract: `refuse` answers 500 in its place, `log` lets it pass. Both log an error. Default `refuse`. */
  readonly invalidReplies?: 'refuse' | 'log';
  /** Logs parameters and bodies of requests at `debug`, personal values masked. Default false. */
  readonly logRequests?: boolean;
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
export interface SecuredServerOptions<Caller = unknown, Tx = ServiceTransaction> extends ServerOptions<Caller, Tx> {
  readonly authenticate: Authenticate<Caller> | 'none';
}
