import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topicMatches } from '../../runtime/brokers/topic-match.js';

describe('topicMatches', () => {
  it.each([
    ['', '', true],
    ['#', '', true],
    ['*', '', false],
    ['', 'a', false],
    ['a', 'a', true],
    ['a', 'A', false],
    ['*', 'a.b', false],
    ['a.#', 'a', true],
    ['#.a', 'a', true],
    ['a.#.b', 'a.b', true],
    ['a.#.b', 'a.x.b.y.b', true],
    ['a.#.b', 'a.b.c', false],
    ['#.*', 'a', true],
    ['#.*.#', '', false],
    ['a.*', 'a.', true],
    ['a..b', 'a..b', true],
    ['a*', 'ab', false],
    ['a.*', 'a.*', true],
    ['a.x', 'a.*', false],
  ])('%j takes %j: %s', (pattern, key, taken) => {
    expect(topicMatches(pattern, key)).toBe(taken);
  });

  it('agrees with the definition, tried out word by word', () => {
    const word = fc.constantFrom('a', 'b', '');
    const wanted = fc.array(fc.oneof(word, fc.constantFrom('*', '#')), { minLength: 1, maxLength: 6 });
    const given = fc.array(word, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(wanted, given, (pattern, key) => {
        const [left, right] = [pattern.join('.'), key.join('.')];
        expect(topicMatches(left, right)).toBe(tryOut(wordsOf(left), wordsOf(right)));
      }),
      { numRuns: 3000 },
    );
  });

  it('stays quick on a pattern made to be slow', () => {
    const started = performance.now();
    expect(topicMatches(`${'#.a.'.repeat(200)}b`, `${'a.'.repeat(2000)}c`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

function tryOut(pattern: readonly string[], key: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return key.length === 0;
  if (first === '#') return tryOut(rest, key) || (key.length > 0 && tryOut(pattern, key.slice(1)));
  return key.length > 0 && (first === '*' || first === key[0]) && tryOut(rest, key.slice(1));
}

function wordsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('.');
}
