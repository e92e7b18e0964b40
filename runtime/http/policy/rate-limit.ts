import { RateLimitedError } from '../errors.js';
import type { CallPolicy, Layer, Surroundings } from './policy.js';

/**
 * Keeps calls of one operation below what the provider has agreed to: `requests` in any `perMs`, by a bucket that refills evenly. What is beyond is refused
 * with `RateLimitedError`; waiting is for a queue to do, not for a caller.
 */
export function rateLimit({ requests, perMs }: NonNullable<CallPolicy['rateLimit']>, { clock }: Surroundings): Layer {
  let tokens = requests;
  let filledAtMs = clock.now();
  return (call, next) => {
    const now = clock.now();
    tokens = Math.min(requests, tokens + ((now - filledAtMs) * requests) / perMs);
    filledAtMs = now;
    if (tokens < 1) {
      return Promise.reject(new RateLimitedError(call.place, Math.ceil(((1 - tokens) * perMs) / requests)));
    }
    tokens -= 1;
    return next(call);
  };
}
