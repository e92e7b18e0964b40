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
    try {
      return await places.execute(() => {
        call.signal?.throwIfAborted();
        if (call.deadlineAtMs !== undefined && call.deadlineAtMs <= clock.now())
          throw new HttpDeadlineError(call.place);
        return next(call);
      });
    } catch (error) {
      if (error instanceof BulkheadRejectedError) throw new BulkheadFullError(call.place, concurrentMax, queueMax);
      throw error;
    }
  };
}
