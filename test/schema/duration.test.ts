import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseBytes, parseDuration } from '../../generator/schema/duration.js';

it.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['1m30s', 90_000],
  ['7d', 604_800_000],
  ['0s', 0],
])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

it.each(['', '30', '30 s', '-1s', '1.5s', 's', '30sec', '1s 2ms', '99999999999999999d'])(
  '"%s" is no duration',
  (text) => expect(parseDuration(text)).toBeUndefined(),
);

it('adds its parts', () => {
  const unit = fc.constantFrom('ms', 's', 'm', 'h', 'd');
  const part = fc.tuple(fc.nat({ max: 9999 }), unit).map(([count, name]) => `${count}${name}`);
  fc.assert(
    fc.property(part, part, (a, b) => {
      expect(parseDuration(a + b)).toBe((parseDuration(a) ?? Number.NaN) + (parseDuration(b) ?? Number.NaN));
    }),
  );
});

it.each([
  ['512', 512],
  ['4KiB', 4096],
  ['4K', 4096],
  ['1MB', 1_000_000],
  ['2kB', 2000],
  ['2KB', 2000],
  ['1GiB', 1_073_741_824],
  ['10B', 10],
])('%s is %i bytes', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

it.each(['', 'KiB', '4 KiB', '1.5MB', '-1', '4XB'])('"%s" is no size', (text) =>
  expect(parseBytes(text)).toBeUndefined(),
);
