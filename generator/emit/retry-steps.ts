import { defaultRetry } from '../../runtime/define.js';
import { retryDelay } from '../../runtime/retry-delay.js';
import type { Retry } from '../model/types.js';

/** How a consumer tries again: as its contract says, else as the runtime does, with the bound of deliveries that the contract gives. */
export interface Trying {
  readonly retry?: Retry;
  readonly deliveriesMax?: number;
}

/** Each step is a queue or a topic of its own: more would be exact, and too many to look after. */
const stepsMax = 6;

/** A consumer that is tried for weeks repeats its longest delay long before. */
const attemptsMax = 64;

/**
 * Delays of the waiting places that one queue needs for all its consumers, in ms, ascending; one to six of them. The highest is the longest delay that any of them can ask
 * for; those between are delays that they do ask for, each about as many times the one before.
 */
export function retrySteps(consumers: readonly Trying[]): readonly number[] {
  const delays = [...new Set(consumers.flatMap(delaysOf))].filter((delay) => delay > 0).sort((a, b) => a - b);
  const [lowest = 1_000, highest = lowest] = [delays[0], delays.at(-1)];
  if (delays.length <= stepsMax) return delays.length === 0 ? [lowest] : delays;
  const growth = (highest / lowest) ** (1 / (stepsMax - 1));
  const wanted = Array.from({ length: stepsMax }, (_, step) => lowest * growth ** step);
  // The last one is computed and may be a hair above the highest.
  return [...new Set(wanted.map((wish) => delays.find((delay) => delay >= wish) ?? highest))];
}

/** Jitter is spread over the steps, so half of each delay is one, too: else all who failed together would come back together. */
function delaysOf({ retry, deliveriesMax }: Trying): readonly number[] {
  const policy = retry ?? { ...defaultRetry, attemptsMax: deliveriesMax ?? defaultRetry.attemptsMax };
  const parts = policy.jitter === 'none' ? [1] : [0.5, 1];
  return Array.from({ length: Math.max(Math.min(policy.attemptsMax, attemptsMax) - 1, 0) }, (_, index) =>
    parts.map((part) => retryDelay(policy, index + 1, { next: () => part })),
  ).flat();
}
