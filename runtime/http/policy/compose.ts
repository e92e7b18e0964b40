import { breaker } from './breaker.js';
import { bulkhead } from './bulkhead.js';
import { cache } from './cache.js';
import { deadline } from './deadline.js';
import { fallback } from './fallback.js';
import type { CallPolicy, Layer, Next, Surroundings } from './policy.js';
import { rateLimit } from './rate-limit.js';
import { retry } from './retry.js';
import { timeout } from './timeout.js';

/**
 * Puts the policies of one operation around each other, the outermost first:
 *
 * 1. cache: a fresh answer costs nothing at all
 * 2. fallback: answers for everything below that fails
 * 3. deadline: bounds everything below, waits included
 * 4. bulkhead: a place is held for all tries of a call, so that retries cannot multiply what is open
 * 5. rate limit: counts calls
 * 6. retry: each try passes what follows
 * 7. breaker: sees each try, and ends the retries once it is open
 * 8. timeout: of one try
 *
 * The order is part of what is promised. Made once per operation: breaker, bulkhead, cache and rate limit are shared by its calls. Answers a function that
 * makes one call; `attempt` makes one try.
 */
export function compose(policy: CallPolicy, around: Surroundings): (attempt: Next) => Next {
  const kept = policy.cache && cache(policy.cache, around);
  const layers: readonly (Layer | undefined)[] = [
    kept?.layer,
    policy.fallback !== undefined && policy.fallback !== 'fail' ? fallback(policy.fallback, kept, around) : undefined,
    deadline(policy.deadlineMs, around),
    policy.bulkhead && bulkhead(policy.bulkhead, around),
    policy.rateLimit && rateLimit(policy.rateLimit, around),
    policy.retry && policy.retry.attemptsMax > 1 ? retry(policy.retry, around) : undefined,
    policy.circuitBreaker && breaker(policy.circuitBreaker, around),
    timeout(policy.timeoutMs, around),
  ];
  return (attempt) =>
    layers.reduceRight<Next>((next, layer) => (layer === undefined ? next : (call) => layer(call, next)), attempt);
}
