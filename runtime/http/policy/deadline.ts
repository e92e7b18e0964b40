import { HttpDeadlineError } from '../errors.js';
import type { Layer, Surroundings } from './policy.js';

/**
 * Sets the time by which the whole call must be over: the policy's, or that of the request at hand when it is sooner. A call whose time is spent already
 * is not made: its answer would come to nobody. Rejects with `HttpDeadlineError`.
 */
export function deadline(deadlineMs: number | undefined, { clock }: Surroundings): Layer {
  return (call, next) => {
    const now = clock.now();
    const own = deadlineMs === undefined ? undefined : now + deadlineMs;
    const inherited = call.deadlineAtMs;
    const deadlineAtMs = own === undefined || (inherited !== undefined && inherited < own) ? inherited : own;
    if (deadlineAtMs !== undefined && deadlineAtMs <= now) return Promise.reject(new HttpDeadlineError(call.place));
    return next({ ...call, deadlineAtMs });
  };
}
