import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../runtime/errors.js';
import { formatInstant, instantNanoseconds } from '../../runtime/instant.js';

const second = 1_000_000_000n;

describe('instantNanoseconds', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['1970-01-01T00:00:00.000000001Z', 1n],
    ['1969-12-31T23:59:59.999999999Z', -1n],
    ['2026-11-20T10:00:00Z', 1_795_168_800n * second],
    ['2026-11-20t10:00:00z', 1_795_168_800n * second],
    ['2026-11-20 10:00:00Z', 1_795_168_800n * second],
    ['2026-11-20T12:30:00+02:30', 1_795_168_800n * second],
    ['2026-11-20T07:30:00-02:30', 1_795_168_800n * second],
    ['2026-11-20T10:00:00-00:00', 1_795_168_800n * second],
    ['2026-11-20T10:00:00.1234567Z', 1_795_168_800_123_456_700n],
    ['2026-11-20T10:00:00.1234567899Z', 1_795_168_800_123_456_789n],
    ['2000-02-29T00:00:00Z', 951_782_400n * second],
    ['2016-12-31T23:59:60Z', 1_483_228_800n * second],
    ['2017-01-01T00:59:60.5+01:00', 1_483_228_800_500_000_000n],
    ['0000-01-01T00:00:00Z', -62_167_219_200n * second],
    ['9999-12-31T23:59:59Z', 253_402_300_799n * second],
  ])('%s', (text, nanoseconds) => {
    expect(instantNanoseconds(text)).toBe(nanoseconds);
  });

  it.each([
    '',
    '2026-11-20',
    '2026-11-20T10:00:00',
    '2026-11-20T10:00Z',
    '2026-11-20T10:00:00.Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-11-00T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20T10:60:00Z',
    '2026-11-20T10:00:60Z',
    '2016-12-31T23:59:61Z',
    '2016-12-31T23:59:60+01:00',
    '2026-11-20T10:00:00+24:00',
    '2026-11-20T10:00:00+0100',
    '2026-11-20T10:00:00+01',
    ' 2026-11-20T10:00:00Z',
    '2026-11-20T10:00:00Z\n',
    '20261120T100000Z',
    '２026-11-20T10:00:00Z',
  ])('refuses %j', (text) => {
    expect(instantNanoseconds(text)).toBeUndefined();
  });

  it('agrees with the calendar of the platform, to the nanosecond', () => {
    const [first, last] = [Date.UTC(1000, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59)];
    fc.assert(
      fc.property(
        fc.integer({ min: first / 1000, max: last / 1000 }),
        fc.integer({ min: 0, max: 999_999_999 }),
        (at, rest) => {
          const text = `${new Date(at * 1000).toISOString().slice(0, 19)}.${String(rest).padStart(9, '0')}Z`;
          expect(instantNanoseconds(text)).toBe(BigInt(at) * second + BigInt(rest));
        },
      ),
    );
  });

  it('an offset moves the instant by exactly its minutes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.constantFrom('+', '-'),
        (hours, minutes, sign) => {
          const offset = `${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
          const shift = BigInt((hours * 60 + minutes) * 60) * second * (sign === '+' ? -1n : 1n);
          const there = instantNanoseconds(`2024-02-29T12:00:00.5${offset}`) ?? 0n;
          expect(there - (instantNanoseconds('2024-02-29T12:00:00.5Z') ?? 0n)).toBe(shift);
        },
      ),
    );
  });
});

describe('formatInstant', () => {
  const [first, last] = [-62_167_219_200_000_000n, 253_402_300_799_999_999n];

  it('is read back as the same instant', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: first, max: last }), (microseconds) => {
        const text = formatInstant(microseconds);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        expect(instantNanoseconds(text)).toBe(microseconds * 1000n);
      }),
      { examples: [[first], [last], [-1n], [0n], [951_782_399_999_999n], [951_868_800_000_000n]] },
    );
  });

  it('sorts as text like the instants', () => {
    const instant = fc.bigInt({ min: first, max: last });
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        expect(formatInstant(a) < formatInstant(b)).toBe(a < b);
      }),
    );
  });

  it('refuses years that RFC 3339 cannot write', () => {
    expect(() => formatInstant(last + 1n)).toThrow(UsageError);
    expect(() => formatInstant(first - 1n)).toThrow(UsageError);
  });
});
