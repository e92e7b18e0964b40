import type { Policy, Retry } from './types.js';

/** How long a call can take in the worst case, by its policy. */
export interface RetryBudget {
  readonly attempts: number;
  /** Longest wait before each further try, in ms: jitter never makes it longer than this. */
  readonly waitsMs: readonly number[];
  readonly waitMs: number;
  /** All tries that end in a timeout; 0 when the policy has none. */
  readonly triesMs: number;
  readonly totalMs: number;
}

/** Worst case of a policy: every try times out and every wait is as long as it can be. */
export function retryBudget(policy: Pick<Policy, 'timeoutMs' | 'retry'>): RetryBudget {
  const attempts = policy.retry?.attemptsMax ?? 1;
  const waitsMs = policy.retry === undefined ? [] : longestWaits(policy.retry);
  const waitMs = waitsMs.reduce((sum, wait) => sum + wait, 0);
  const triesMs = attempts * (policy.timeoutMs ?? 0);
  return { attempts, waitsMs, waitMs, triesMs, totalMs: waitMs + triesMs };
}

/** Upper bounds of the waits. Full and equal jitter stay below the nominal wait; decorrelated jitter draws from up to three times the wait before. */
function longestWaits(retry: Retry): readonly number[] {
  const waits: number[] = [];
  for (let again = 1; again < retry.attemptsMax && waits.length < 1_000; again++) {
    const before = waits.at(-1) ?? retry.initialMs;
    const nominal =
      retry.jitter === 'decorrelated'
        ? before * 3
        : retry.backoff === 'fixed'
          ? retry.initialMs
          : retry.backoff === 'linear'
            ? retry.initialMs * again
            : retry.initialMs * 2 ** (again - 1);
    waits.push(Math.min(nominal, retry.maxMs));
  }
  return waits;
}
