import type { Random } from './clock.js';
import type { RetryPolicy } from './definition.js';

/** Longest delay a timer can take, in ms. */
const timerMax = 2_147_483_647;

/** Draws after which decorrelated jitter has long reached its maximum. */
const drawsMax = 64;

/**
 * Delay before the next try, in whole ms, after try number `attempt` (1 = the first) has failed.
 *
 * Always between 0 and `maxMs`. Jitter spreads consumers that failed together: `full` draws from 0 to the delay, `equal` from half of it, `decorrelated`
 * walks up at random from `initialMs` by at most threefold steps (and never goes below it), whatever `backoff` says.
 */
export function retryDelay(policy: RetryPolicy, attempt: number, random: Pick<Random, 'next'>): number {
  const delay = planned(policy, Math.max(attempt, 1));
  switch (policy.jitter) {
    case 'none':
      return Math.round(delay);
    case 'full':
      return Math.floor(random.next() * delay);
    case 'equal':
      return Math.floor(delay / 2 + random.next() * (delay / 2));
    case 'decorrelated':
      return Math.floor(decorrelated(policy, attempt, random));
  }
}

/** The delay without jitter. */
function planned(policy: RetryPolicy, attempt: number): number {
  return Math.min(policy.initialMs * growth(policy.backoff, attempt), limit(policy));
}

function growth(backoff: RetryPolicy['backoff'], attempt: number): number {
  if (backoff === 'fixed') return 1;
  // The exponent is bounded because 0 times infinity is not a number.
  return backoff === 'linear' ? attempt : 2 ** Math.min(attempt - 1, 1000);
}

/** No state is kept between tries: the walk is drawn anew from its start, which gives each try the same distribution. */
function decorrelated(policy: RetryPolicy, attempt: number, random: Pick<Random, 'next'>): number {
  const lowest = Math.min(policy.initialMs, limit(policy));
  let delay = lowest;
  for (let draw = 0; draw < Math.min(attempt, drawsMax); draw++) {
    delay = Math.min(lowest + random.next() * (delay * 3 - lowest), limit(policy));
  }
  return delay;
}

function limit(policy: RetryPolicy): number {
  return Math.min(policy.maxMs, timerMax);
}
