/** Exponential delays between deliveries of a message whose handler failed; `attemptsMax` counts total tries. */
export interface RetryPolicy {
  readonly attemptsMax: number;
  readonly backoff: 'fixed' | 'linear' | 'exponential';
  readonly initialMs: number;
  readonly maxMs: number;
  readonly jitter: 'none' | 'full' | 'equal' | 'decorrelated';
}
