import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../runtime/errors.js';
import { openSchedule } from '../../../runtime/jobs/schedule.js';

const open = (schedule: string, timezone = 'UTC') => openSchedule({ name: 'sales.job', schedule, timezone });
const at = (text: string) => Date.parse(text);

/** Occurrences after an instant, one after the other. */
function series(schedule: string, timezone: string, after: string, count: number): readonly string[] {
  const opened = open(schedule, timezone);
  const found: string[] = [];
  for (let ms: number | undefined = at(after); found.length < count; ) {
    ms = opened.next(ms);
    if (ms === undefined) break;
    found.push(new Date(ms).toISOString().replace('.000Z', 'Z'));
  }
  return found;
}

describe('a schedule', () => {
  it('comes after the given instant, never at it', () => {
    const daily = open('0 0 * * *');
    const midnight = at('2026-01-02T00:00:00Z');
    expect(daily.next(midnight - 0.5)).toBe(midnight);
    expect(daily.next(midnight)).toBe(midnight + 86_400_000);
    expect(daily.next(midnight + 0.5)).toBe(midnight + 86_400_000);
  });

  it('was last at the given instant or before', () => {
    const daily = open('0 0 * * *');
    const midnight = at('2026-01-02T00:00:00Z');
    expect(daily.latest(midnight)).toBe(midnight);
    expect(daily.latest(midnight + 0.5)).toBe(midnight);
    expect(daily.latest(midnight - 0.5)).toBe(midnight - 86_400_000);
  });

  it('is in the contract’s time zone', () => {
    expect(series('0 0 1 * *', 'Asia/Kolkata', '2026-01-15T00:00:00Z', 2)).toEqual([
      '2026-01-31T18:30:00Z',
      '2026-02-28T18:30:00Z',
    ]);
  });

  it('has seconds with six fields', () => {
    expect(series('*/20 0 12 * * *', 'UTC', '2026-01-01T00:00:00Z', 4)).toEqual([
      '2026-01-01T12:00:00Z',
      '2026-01-01T12:00:20Z',
      '2026-01-01T12:00:40Z',
      '2026-01-02T12:00:00Z',
    ]);
  });

  it('runs a time that spring leaves out when the clocks have moved on', () => {
    expect(series('30 2 * * *', 'America/New_York', '2026-03-07T08:00:00Z', 2)).toEqual([
      '2026-03-08T07:00:00Z',
      '2026-03-09T06:30:00Z',
    ]);
  });

  it('runs a time that autumn shows twice once, and an interval through both', () => {
    expect(series('30 1 * * *', 'America/New_York', '2026-11-01T00:00:00Z', 2)).toEqual([
      '2026-11-01T05:30:00Z',
      '2026-11-02T06:30:00Z',
    ]);
    expect(series('*/30 * * * *', 'America/New_York', '2026-11-01T04:45:00Z', 4)).toEqual([
      '2026-11-01T05:00:00Z',
      '2026-11-01T05:30:00Z',
      '2026-11-01T06:00:00Z',
      '2026-11-01T06:30:00Z',
    ]);
  });

  it('looks back as it looks ahead, across both changes of the clocks', () => {
    for (const cron of ['30 2 * * *', '30 1 * * *', '*/30 * * * *']) {
      const opened = open(cron, 'America/New_York');
      for (const start of ['2026-03-07T12:00:00Z', '2026-10-31T12:00:00Z']) {
        for (let ms = opened.next(at(start)) ?? 0; ms < at(start) + 2 * 86_400_000; ms = opened.next(ms) ?? 0) {
          expect(opened.latest(ms)).toBe(ms);
          expect(opened.latest((opened.next(ms) ?? 0) - 1)).toBe(ms);
        }
      }
    }
  });

  it('may have no occurrence', () => {
    const never = open('0 0 30 2 *');
    expect([never.next(at('2026-01-01T00:00:00Z')), never.latest(at('2026-01-01T00:00:00Z'))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['61 * * * *', 'UTC'],
    ['* * * *', 'UTC'],
    ['0 0 * * * * 2027', 'UTC'],
    ['2026-01-01T00:00:00Z', 'UTC'],
    ['@daily', 'UTC'],
    ['0 0 * * *', 'Mars/Olympus'],
  ])('"%s" in "%s" is none', (schedule, timezone) => {
    expect(() => open(schedule, timezone)).toThrow(UsageError);
  });
});
