import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RetryPolicy } from '../../runtime/definition.js';
import { retryDelay } from '../../runtime/retry-delay.js';

const policy = fc.record<RetryPolicy>({
  attemptsMax: fc.constant(5),
  backoff: fc.constantFrom('fixed', 'linear', 'exponential'),
  initialMs: fc.integer({ min: 0, max: 100_000 }),
  maxMs: fc.integer({ min: 0, max: 10_000_000 }),
  jitter: fc.constantFrom('none', 'full', 'equal', 'decorrelated'),
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempt = fc.integer({ min: 1, max: 5000 });

function delay(settings: Partial<RetryPolicy>, tries: number, drawn = 0): number {
  const plain: RetryPolicy = { attemptsMax: 5, backoff: 'exponential', initialMs: 100, maxMs: 1000, jitter: 'none' };
  return retryDelay({ ...plain, ...settings }, tries, { next: () => drawn });
}

describe('retryDelay', () => {
  it.each([
    ['fixed', [100, 100, 100, 100, 100]],
    ['linear', [100, 200, 300, 400, 500]],
    ['exponential', [100, 200, 400, 800, 1000]],
  ] as const)('%s backoff grows to the maximum', (backoff, delays) => {
    expect([1, 2, 3, 4, 5].map((tries) => delay({ backoff }, tries))).toEqual(delays);
  });

  it.each([
    ['full', [0, 200, 399]],
    ['equal', [200, 300, 399]],
    ['decorrelated', [100, 575, 1000]],
  ] as const)('%s jitter uses its whole range', (jitter, delays) => {
    expect([0, 0.5, 0.999].map((drawn) => delay({ jitter }, 3, drawn))).toEqual(delays);
  });

  it('is a whole number of ms from 0 to the maximum, whatever is drawn', () => {
    fc.assert(
      fc.property(policy, attempt, fc.array(chance, { minLength: 1 }), (settings, tries, drawn) => {
        let index = 0;
        const delayMs = retryDelay(settings, tries, { next: () => drawn[index++ % drawn.length] ?? 0 });
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(settings.maxMs);
      }),
    );
  });

  it('equal jitter keeps half, full jitter keeps nothing, neither exceeds the plain delay', () => {
    fc.assert(
      fc.property(policy, attempt, chance, (settings, tries, drawn) => {
        const random = { next: () => drawn };
        const plain = retryDelay({ ...settings, jitter: 'none' }, tries, random);
        const equal = retryDelay({ ...settings, jitter: 'equal' }, tries, random);
        expect(equal).toBeGreaterThanOrEqual(Math.floor(plain / 2));
        expect(equal).toBeLessThanOrEqual(plain);
        expect(retryDelay({ ...settings, jitter: 'full' }, tries, random)).toBeLessThanOrEqual(plain);
      }),
    );
  });

  it('decorrelated jitter never goes below the first delay', () => {
    fc.assert(
      fc.property(policy, attempt, chance, (settings, tries, drawn) => {
        const delayMs = retryDelay({ ...settings, jitter: 'decorrelated' }, tries, { next: () => drawn });
        expect(delayMs).toBeGreaterThanOrEqual(Math.min(settings.initialMs, settings.maxMs));
      }),
    );
  });

  it('never exceeds what a timer can take', () => {
    expect(delay({ initialMs: 1e9, maxMs: 1e12 }, 4000)).toBe(2_147_483_647);
  });
});
