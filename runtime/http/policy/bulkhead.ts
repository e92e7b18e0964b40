import { AsyncResource } from 'node:async_hooks';
import { BulkheadPolicy, BulkheadRejectedError } from 'cockatiel';
import { BulkheadFullError, HttpDeadlineError } from '../errors.js';
import type { CallPolicy, Layer, Surroundings } from './policy.js';

/**
 * Bounds the calls of one operation at a time, so that a slow one takes no more than its share of sockets and memory. Those beyond wait in a bounded queue
 * until the deadline or the caller ends it; the next one is refused with `BulkheadFullError`.
 */
export function bulkhead(
  { concurrentMax, queueMax }: NonNullable<CallPolicy['bulkhead']>,
  { clock }: Surroundings,
): Layer {
  const places = new BulkheadPolicy(concurrentMax, queueMax);
  return async (call, next) => {
    // A call that has waited is begun by the end of another one: what it does must still belong to its own request, not to that one's.
    const run = AsyncResource.bind(() => {
      call.signal?.throwIfAborted();
      if (call.deadlineAtMs !== undefined && call.deadlineAtMs <= clock.now()) throw new HttpDeadlineError(call.place);
      return next(call);
    });
    try {
      return await places.execute(run);
    } catch (error) {
      if (error instanceof BulkheadRejectedError) throw new BulkheadFullError(call.place, concurrentMax, queueMax);
      throw error;
    }
  };
}
