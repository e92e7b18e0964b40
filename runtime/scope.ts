import { AsyncLocalStorage } from 'node:async_hooks';
import { outOfSpan } from './tracing.js';
import type { Cause, UnitOfWork } from './unit-of-work.js';

/** The work at hand. `unit` is there while a database transaction of `service` is open. */
export interface Scope {
  readonly service: string;
  /** The consumer that handles a message; absent outside of any. */
  readonly consumer?: string;
  /** Calls that the contract allows that consumer to make, as `<provider>.<operation>`. */
  readonly calls?: readonly string[];
  readonly cause: Cause;
  /** When whoever waits for this work stops waiting, in ms since the epoch. */
  readonly deadlineAtMs?: number;
  readonly unit?: UnitOfWork;
}

const storage = new AsyncLocalStorage<Scope | undefined>();

/** Runs `work` so that calls made inside it, however deep, can see why they are made. */
export function inScope<T>(scope: Scope, work: () => T): T {
  return storage.run(scope, work);
}

/** Runs `work` as if nothing had led to it: background work must not seem to belong to the transaction that happened to wake it. */
export function outOfScope<T>(work: () => T): T {
  // Where there is nothing to leave, nothing is done: from its first use on, the storage costs every promise of the process a little.
  return storage.getStore() === undefined ? outOfSpan(work) : storage.run(undefined, () => outOfSpan(work));
}

/**
 * Why the current code runs, or undefined outside any message, request or transaction. HTTP clients take the correlation id from here, and refuse to
 * call while `unit` is set: a remote call inside a database transaction holds its locks for as long as somebody else's service likes.
 */
export function currentScope(): Scope | undefined {
  const scope = storage.getStore();
  if (scope?.unit?.open !== false) return scope;
  // The transaction is over, what it started may still run.
  const { unit: _, ...rest } = scope;
  return rest;
}

/** What narrower work within `around` keeps of it: whose handler it belongs to and until when somebody waits for it. Nothing of another service's. */
export function ofWhom(around: Scope | undefined, service: string): Omit<Scope, 'service' | 'cause' | 'unit'> {
  if (around?.service !== service) return {};
  const { consumer, calls, deadlineAtMs } = around;
  return {
    ...(consumer !== undefined && { consumer }),
    ...(calls !== undefined && { calls }),
    ...(deadlineAtMs !== undefined && { deadlineAtMs }),
  };
}
