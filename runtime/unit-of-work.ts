import type { OutboxMessage, Transaction } from './stores/store.js';

/** What led to the work at hand; flows into every message and call made inside it. */
export interface Cause {
  readonly correlationId: string;
  /** Id of the message or request that is being worked on. */
  readonly causationId?: string;
  readonly traceparent?: string;
}

/** One database transaction of the service, with what has to happen once it has committed. */
export interface UnitOfWork {
  readonly tx: Transaction;
  readonly cause: Cause;
  readonly pending: Pending;
  /** False once the transaction has ended. */
  readonly open: boolean;
}

export interface Pending {
  /** Outbox rows were written: the relay should look. */
  outbox: boolean;
  /** Parked messages became ready: they should be run again. */
  released: boolean;
  /** Runs of sagas have something to do: somebody should take them up. */
  sagas?: boolean;
  /** Messages that the contract sends without an outbox. */
  readonly unsafe: OutboxMessage[];
}
