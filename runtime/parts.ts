import type { Broker } from './brokers/broker.js';
import type { Clock, Random } from './clock.js';
import type { RetryPolicy, ServiceDefinition } from './definition.js';
import type { AroundHandler } from './handler-call.js';
import type { Logger } from './log.js';
import type { SagaStarter } from './saga/definition.js';
import type { Security } from './security/security.js';
import type { Store } from './stores/store.js';
import type { Telemetry } from './telemetry.js';
import type { UnitOfWork } from './unit-of-work.js';

/** What the pieces of one running service share. */
export interface Parts {
  readonly definition: ServiceDefinition;
  readonly broker: Broker;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  readonly security: Security;
  /** Longest body of a message, in bytes. */
  readonly messageBytesMax: number;
  /** Entities that some consumer of the service waits for. */
  readonly awaited: ReadonlySet<string>;
  /** Runs a handler; see `ServiceOptions.aroundHandler`. */
  readonly aroundHandler?: AroundHandler;
  /** Delay after try number `attempt` (1 = the first), in ms. */
  retryDelayMs(policy: RetryPolicy, attempt: number): number;
  /** Nudges from a committed transaction; harmless when there is nothing to do. */
  readonly wake: { outbox(): void; parked(): void; sagas(): void };
  /** `tx.sagas` of a transaction, each start in a unit of work that `run` gives; absent when the service has no sagas. */
  sagaStarters?(
    run: <T>(work: (unit: UnitOfWork) => Promise<T>) => Promise<T>,
  ): Readonly<Record<string, SagaStarter<unknown>>>;
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
}
