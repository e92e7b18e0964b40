import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareCodePoints } from '../../runtime/code-points.js';
import { compareVersions } from '../../runtime/guard.js';
import { laws, theGuard } from './guard-laws.js';

describe('the guard', () => {
  test.each(laws)('$name', (law) => {
    expect(law.broken(theGuard)).toBeUndefined();
  });
});

test('strings are ordered as their UTF-8 bytes are', () => {
  const text = fc.string({ unit: 'binary', maxLength: 4 });
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(Math.sign(compareCodePoints(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
    }),
    {
      examples: [
        ['\uff5e', '😀'],
        ['a', 'ab'],
        ['', ''],
      ],
    },
  );
});

test('versions are ordered by epoch, then sequence, then tie', () => {
  const version = fc.record({
    epoch: fc.nat(1),
    sequence: fc.bigInt({ min: 0n, max: 2n }),
    tie: fc.constantFrom('', 'a', 'b'),
  });
  fc.assert(
    fc.property(version, version, (left, right) => {
      const byParts =
        left.epoch - right.epoch ||
        Number(left.sequence - right.sequence) ||
        (left.tie < right.tie ? -1 : Number(left.tie > right.tie));
      expect(Math.sign(compareVersions(left, right))).toBe(Math.sign(byParts));
    }),
  );
});
