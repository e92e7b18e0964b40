import { describe, expect, it } from 'vitest';
import { retrySteps } from '../../generator/emit/retry-steps.js';
import type { Retry } from '../../generator/model/types.js';

const at = { file: 'feature.yaml', line: 1, column: 1 };
const retry = (over: Partial<Retry>): { readonly retry: Retry } => ({
  retry: {
    ...{ attemptsMax: 5, backoff: 'exponential', initialMs: 1_000, maxMs: 60_000, jitter: 'none' },
    ...{ jitterGiven: true, on: [], at },
    ...over,
  },
});

describe('the waiting places of a queue', () => {
  it('are the delays of a policy that has few of them', () => {
    expect(retrySteps([retry({})])).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(retrySteps([retry({ backoff: 'linear', attemptsMax: 4 })])).toEqual([1_000, 2_000, 3_000]);
    expect(retrySteps([retry({ backoff: 'fixed', attemptsMax: 100 })])).toEqual([1_000]);
  });

  it('are those of the runtime where the contract says nothing, bounded by its deliveries', () => {
    expect(retrySteps([{}])).toEqual([250, 500, 1_000, 2_000, 4_000]);
    expect(retrySteps([{ deliveriesMax: 3 }])).toEqual([250, 500, 1_000]);
  });

  it('spread jitter: without a lower step all who failed together would come back together', () => {
    expect(retrySteps([retry({ backoff: 'fixed', jitter: 'full' })])).toEqual([500, 1_000]);
    expect(retrySteps([retry({ backoff: 'fixed', jitter: 'equal' })])).toEqual([750, 1_000]);
  });

  it('are six at most, from the shortest delay to the longest, each some times the one before', () => {
    const steps = retrySteps([retry({ attemptsMax: 15, maxMs: 3_600_000 })]);
    expect(steps).toEqual([1_000, 8_000, 32_000, 256_000, 1_024_000, 3_600_000]);
  });

  it('reach the longest delay of any consumer', () => {
    const steps = retrySteps([
      retry({ attemptsMax: 15 }),
      retry({ backoff: 'fixed', initialMs: 90_000, maxMs: 90_000 }),
    ]);
    expect(steps[0]).toBe(1_000);
    expect(steps.at(-1)).toBe(90_000);
  });

  it('are one for consumers that try once or without a delay, since a crash is no try', () => {
    expect(retrySteps([retry({ attemptsMax: 1 })])).toEqual([1_000]);
    expect(retrySteps([retry({ initialMs: 0 })])).toEqual([1_000]);
  });

  it('stay ascending and distinct whatever the policies are', () => {
    const kinds = ['fixed', 'linear', 'exponential'] as const;
    const jitters = ['none', 'full', 'equal', 'decorrelated'] as const;
    for (const backoff of kinds)
      for (const jitter of jitters)
        for (const attemptsMax of [2, 3, 7, 50, 1_000_000])
          for (const initialMs of [1, 333, 60_000]) {
            const steps = retrySteps([retry({ backoff, jitter, attemptsMax, initialMs, maxMs: 86_400_000 }), {}]);
            expect(steps.length).toBeLessThanOrEqual(6);
            expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
          }
  });
});
