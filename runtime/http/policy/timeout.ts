import { HttpTimeoutError } from '../errors.js';
import type { Layer, Surroundings } from './policy.js';

/** Ends a try that takes too long: after `timeoutMs`, or when the deadline of the whole call has come. Rejects with `HttpTimeoutError`, or with the reason of the call's signal. */
export function timeout(timeoutMs: number, { clock }: Surroundings): Layer {
  return async (call, next) => {
    const { signal, place, deadlineAtMs } = call;
    signal?.throwIfAborted();
    const ownMs = call.timeoutMs ?? timeoutMs;
    const allowedMs = deadlineAtMs === undefined ? ownMs : Math.min(ownMs, deadlineAtMs - clock.now());
    const controller = new AbortController();
    const stop = (): void => controller.abort(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    const cancel = clock.timer(Math.max(allowedMs, 0), () =>
      controller.abort(new HttpTimeoutError(place, Math.round(allowedMs))),
    );
    try {
      return await next({ ...call, signal: controller.signal });
    } catch (error) {
      // What an aborted fetch throws depends on where it was; why it was aborted is what counts.
      throw controller.signal.aborted ? controller.signal.reason : error;
    } finally {
      cancel();
      signal?.removeEventListener('abort', stop);
    }
  };
}
