import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../runtime/clock.js';

afterEach(() => vi.restoreAllMocks());

it('goes on from where it was when the wall clock is set back', async () => {
  const before = systemClock.now();
  const wall = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => wall() - 3_600_000);
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  await systemClock.sleep(20);
  expect(systemClock.now()).toBeGreaterThanOrEqual(before + 15);
  expect(systemClock.now()).toBeLessThan(before + 60_000);
});

it('counts whole milliseconds, and is never behind the wall clock', () => {
  for (let time = 0; time < 1_000; time++) {
    const wall = Date.now();
    const now = systemClock.now();
    expect(Number.isInteger(now)).toBe(true);
    expect(now).toBeGreaterThanOrEqual(wall);
  }
});
