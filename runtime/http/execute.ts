import type { Clock } from '../clock.js';
import { type CallPlace, HttpTimeoutError } from './errors.js';

/** How a call is guarded. */
export interface CallPolicy {
  /** Longest time until the whole answer is there. */
  readonly timeoutMs: number;
}

/** One try of a call. It must stop when the signal is aborted. */
export type Attempt<T> = (signal: AbortSignal) => Promise<T>;

export interface Execution {
  readonly place: CallPlace;
  readonly clock: Clock;
  /** The caller's own wish to stop. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a call under its policy: the one place where policies are put around each other, the outermost first.
 *
 * Rejects with what the attempt rejects with, with `HttpTimeoutError`, or with the reason of the caller's signal.
 */
export function execute<T>(policy: CallPolicy, attempt: Attempt<T>, execution: Execution): Promise<T> {
  return withTimeout(policy.timeoutMs, attempt, execution);
}

async function withTimeout<T>(timeoutMs: number, attempt: Attempt<T>, execution: Execution): Promise<T> {
  const { clock, place, signal } = execution;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  const cancel = clock.timer(timeoutMs, () => controller.abort(new HttpTimeoutError(place, timeoutMs)));
  try {
    return await attempt(controller.signal);
  } catch (error) {
    // What an aborted fetch throws depends on where it was; why it was aborted is what counts.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    cancel();
    signal?.removeEventListener('abort', stop);
  }
}
