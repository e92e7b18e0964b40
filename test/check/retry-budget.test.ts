import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryBudget } from '../../generator/model/retry-budget.js';
import type { Retry } from '../../generator/model/types.js';

const at = { file: 'feature.yaml', line: 1, column: 1 };

function retry(changes: Partial<Retry>): Retry {
  const plain = {
    attemptsMax: 3,
    backoff: 'exponential',
    initialMs: 1_000,
    maxMs: 60_000,
    jitter: 'none',
    jitterGiven: true,
    on: [],
    at,
  } as const;
  return { ...plain, ...changes };
}

describe('retryBudget', () => {
  it.each([
    ['the numbers of the source: 2 + 4 + 8 s', retry({ attemptsMax: 4, initialMs: 2_000 }), [2_000, 4_000, 8_000]],
    ['fixed waits', retry({ backoff: 'fixed' }), [1_000, 1_000]],
    ['linear waits', retry({ backoff: 'linear', attemptsMax: 4 }), [1_000, 2_000, 3_000]],
    ['a cap', retry({ attemptsMax: 5, maxMs: 2_500 }), [1_000, 2_000, 2_500, 2_500]],
    ['full jitter, which never waits longer', retry({ jitter: 'full' }), [1_000, 2_000]],
    ['decorrelated jitter, up to three times the wait before', retry({ jitter: 'decorrelated' }), [3_000, 9_000]],
    ['one try', retry({ attemptsMax: 1 }), []],
  ])('%s', (_, policy, waits) => {
    expect(retryBudget({ retry: policy }).waitsMs).toEqual(waits);
  });

  it('adds every try that times out', () => {
    expect(retryBudget({ timeoutMs: 10_000, retry: retry({ attemptsMax: 4, initialMs: 2_000 }) })).toMatchObject({
      attempts: 4,
      waitMs: 14_000,
      triesMs: 40_000,
      totalMs: 54_000,
    });
    expect(retryBudget({ timeoutMs: 500 })).toMatchObject({ attempts: 1, waitMs: 0, totalMs: 500 });
  });

  it('is never shorter with one more try', () => {
    const policies = fc.record({
      attemptsMax: fc.integer({ min: 1, max: 20 }),
      backoff: fc.constantFrom('fixed', 'linear', 'exponential'),
      jitter: fc.constantFrom('none', 'full', 'equal', 'decorrelated'),
      initialMs: fc.integer({ min: 1, max: 10_000 }),
      maxMs: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(policies, (changes) => {
        const less = retryBudget({ timeoutMs: 100, retry: retry(changes as Partial<Retry>) });
        const more = retryBudget({
          timeoutMs: 100,
          retry: retry({ ...(changes as Partial<Retry>), attemptsMax: changes.attemptsMax + 1 }),
        });
        expect(more.totalMs).toBeGreaterThan(less.totalMs);
        expect(Math.max(0, ...more.waitsMs)).toBeLessThanOrEqual(changes.maxMs);
      }),
    );
  });
});
