import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keys, retrySubjectOf, streamOf, subjectOf, token } from '../../../runtime/brokers/nats/names.js';

const hostile = [
  'a.b',
  'a_b',
  'a b',
  'a*b',
  'a>b',
  'a/b',
  'a\\b',
  'ä',
  '*',
  '>',
  '.',
  '..',
  'a=2Eb',
  '$JS',
  '\n',
  'a\u0000',
];

describe('names of JetStream', () => {
  it('keep what can be read', () => {
    expect([streamOf('people.user-events'), subjectOf('people', 3), retrySubjectOf('people')]).toEqual([
      'SW_people_user-events',
      'sw.queue.people.3',
      'sw.queue.people.retry',
    ]);
    expect(keys.binding('shop.events', 'depot')).toBe('binding.shop_events.depot');
  });

  it('hold nothing that streams, subjects, keys or a shell read as more than a letter', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })),
        (name) => {
          expect(token(name)).toMatch(/^[A-Za-z0-9_=-]+$/);
          expect(streamOf(name).length).toBeLessThanOrEqual(255);
        },
      ),
    );
  });

  it('differ when the names differ, also where a long name is cut', () => {
    expect(new Set(hostile.map(token)).size).toBe(hostile.length);
    const name = fc.oneof(
      fc.constantFrom(...hostile),
      fc.string({ unit: fc.constantFrom('a', '.', '_', '=', ' ', 'h', 'Z') }),
    );
    fc.assert(fc.property(name, name, (a, b) => (token(a) === token(b)) === (a === b)));
    const long = 'x.'.repeat(120);
    expect(new Set([token(`${long}a`), token(`${long}b`), token(`${long}\u00e4`), token(long)]).size).toBe(4);
    // A cut inside an escape would leave half of one.
    for (let length = 140; length < 185; length++)
      expect(token('ä'.repeat(length))).toMatch(/^(?:=[0-9A-F]{2})+(?:=h[0-9a-f]{32})?$/);
  });
});
