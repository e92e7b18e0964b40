import type { Broker } from './brokers/broker.js';
import type { Clock, Random } from './clock.js';
import type { AroundHandler } from './handler-call.js';
import type { HealthLimits } from './health.js';
import type { Logger } from './log.js';
import type { KeepOptions } from './purge.js';
import type { SagaCalls } from './saga/definition.js';
import type { SecurityOptions } from './security/security.js';
import type { ServiceTransaction } from './service-transaction.js';
import type { Store } from './stores/store.js';
import type { FetchPage } from './sync/full.js';

/** What a service runs on. Everything has a default; generated options add `handlers` where there are handler slots. */
export interface ServiceOptions {
  /** Default: `SEAMWRIGHT_BROKER_URL`, else what the workspace says, else the memory broker of this process. One that is given is not closed by `stop`. */
  readonly broker?: Broker;
  /** Default: `SEAMWRIGHT_DATABASE_URL`, else what the workspace says, else PGlite in this process. One that is given is not closed by `stop`. */
  readonly store?: Store;
  /** Creates the service's own tables where they are missing. Runs at each start, in one transaction, before the first message is taken. */
  readonly prepare?: (tx: ServiceTransaction) => Promise<void>;
  /** Keys that prove who sends. Default: `SEAMWRIGHT_SIGNING_KEY` and `SEAMWRIGHT_TRUSTED_KEYS`. */
  readonly security?: SecurityOptions;
  /** Longest body of a message, in bytes, sent or taken. Default 8 MiB: room beyond what Kafka and NATS carry unless told otherwise (1 MiB), read in well under a second. */
  readonly messageBytesMax?: number;
  /** Above what `health` calls the service degraded. */
  readonly health?: HealthLimits;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Default: `SEAMWRIGHT_LOG` (`debug`, `info`, `warn`, `error`) as lines of JSON, else nothing. */
  readonly log?: Logger;
  /** Base URLs of other services, by name; for the generated clients. */
  readonly urls?: Readonly<Record<string, string | URL>>;
  /** Messages in work at the same time. Default 16, and three times the largest `batch_size` of a copy. */
  readonly prefetch?: number;
  /** How long `stop` waits for messages in work, in ms. Default 30000, as long as Kubernetes waits. */
  readonly stopGraceMs?: number;
  /** Messages per consumer that may wait in the store before the intake is slowed down. Default 10000. */
  readonly maxParked?: number;
  /** How long handled messages and deletions are remembered. Default 30 days each. */
  readonly keep?: KeepOptions;
  /** How the owner's list of each copied entity is read, by entity, for full syncs that an operator asks for. Generated services fill it in. */
  readonly pages?: Readonly<Record<string, FetchPage>>;
  /** Methods of the clients that this service's sagas call. Generated services fill it in. */
  readonly sagaCalls?: SagaCalls;
  /** Runs each handler, by calling `handle` once: for a harness that watches handlers or breaks them. Default: runs it. */
  readonly aroundHandler?: AroundHandler;
}
