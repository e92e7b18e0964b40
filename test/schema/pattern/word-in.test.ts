import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesWithin } from '../../../generator/schema/pattern/matches-within.js';
import { patternContains } from '../../../generator/schema/pattern/pattern-contains.js';
import { wordIn } from '../../../generator/schema/pattern/word-in.js';
import { contractPattern, exactly, randomPattern, randomWord, wordsUpTo } from './random-pattern.js';

describe('wordIn', () => {
  it.each([
    [{ inside: ['^[a-z]{3}$'], notIn: [] }, 'aaa'],
    [{ inside: ['^[a-z]{3}$'], notIn: ['^a'] }, 'baa'],
    [{ inside: [], notIn: [] }, ''],
    [{ inside: [], notIn: [], min: 3 }, 'aaa'],
    [{ inside: ['b'], notIn: [] }, 'b'],
    [{ inside: ['b$'], notIn: [], min: 3 }, 'aab'],
    [{ inside: ['^(EUR|USD)$'], notIn: ['U$', '^EUR$'] }, 'USD'],
    [{ inside: ['\\bcat\\b'], notIn: ['^cat', 'cat$'] }, ' cat '],
    [{ inside: ['^(?=.*[A-Z])(?=.*\\d)(?!.*a).{4,}$'], notIn: ['^.{5,}$'] }, 'bb0A'],
    // What can be printed is preferred, even where it is longer.
    [{ inside: ['^(\\x00|ab)$'], notIn: [] }, 'ab'],
    [{ inside: ['^\\x00$'], notIn: [] }, '\0'],
    [{ inside: ['^\\p{Script=Greek}$'], notIn: [] }, 'Ͱ'],
    [{ inside: ['^[\\ud800-\\udfff]$'], notIn: [] }, '\ud800'],
    // A length counts code points.
    [{ inside: ['^😀+$'], notIn: [], min: 2, max: 2 }, '😀😀'],
  ])('finds %j', (question, word) => expect(wordIn(question)).toBe(word));

  it.each([
    [{ inside: ['^a$', '^b$'], notIn: [] }],
    [{ inside: ['^[a-z]*$'], notIn: ['^[a-f]*$', '[g-z]'] }],
    [{ inside: ['^a{3,5}$'], notIn: [], max: 2 }],
    [{ inside: ['^a{3,5}$'], notIn: [], min: 6 }],
    [{ inside: [], notIn: [''] }],
    [{ inside: ['a^'], notIn: [] }],
    [{ inside: ['$a'], notIn: [] }],
    [{ inside: ['a\\bb'], notIn: [] }],
    [{ inside: ['^(?!)'], notIn: [] }],
    [{ inside: [], notIn: [], min: 2, max: 1 }],
    [{ inside: ['[]'], notIn: [] }],
    // The back reference is unknown, but no text needs to be asked for it.
    [{ inside: ['^(a)\\1$', '^b$', '^c$'], notIn: [] }],
  ])('finds nothing for %j', (question) => expect(wordIn(question)).toBeNull());

  it('gives a text that matches what is asked for and is shortest, for random patterns', () => {
    const words = wordsUpTo(3);
    fc.assert(
      fc.property(
        fc.array(contractPattern, { maxLength: 2 }),
        fc.array(contractPattern, { maxLength: 2 }),
        fc.nat({ max: 2 }),
        fc.nat({ max: 5 }),
        (inside, notIn, min, max) => {
          const found = wordIn({ inside, notIn, min, max });
          const fits = (word: string) =>
            [...word].length >= min &&
            [...word].length <= max &&
            inside.every((pattern) => new RegExp(pattern, 'u').test(word)) &&
            notIn.every((pattern) => !new RegExp(pattern, 'u').test(word));
          const enumerated = words.find(fits);
          if (found === null) expect(enumerated).toBeUndefined();
          else if (found !== undefined) {
            expect(fits(found)).toBe(true);
            // Unless a readable one was preferred, nothing shorter exists.
            if (enumerated !== undefined && /^[\p{L}\p{N} ]*$/u.test(enumerated))
              expect([...found].length).toBeLessThanOrEqual([...enumerated].length);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  // A backtracking engine would not come back from the first of them.
  it('answers hostile questions soon, if only that it cannot tell', () => {
    const hostile = [
      '^((a|a)*){50}$',
      '^(a|a|a|a)*$',
      '^(a+)+$',
      '^((((a{1,9}){1,9}){1,9}){1,9}){1,9}$',
      '^(a{1000}){1000}$',
      '^(a?){200}a{200}$',
      'a.{30}$',
      '^a{1,10000}$',
      '^(a{1,10000}b){1,10000}$',
      `^${'(?:(?=.*a)|(?=.*b)|(?=.*c)|(?=.*d)|(?=.*e)|(?=.*f)|(?=.*g)|(?=.*h)|(?=.*i)|(?=.*j)|(?=.*k)|.)*'}$`,
      `${'('.repeat(5000)}a${')'.repeat(5000)}`,
      `[${Array.from({ length: 5000 }, (_, index) => String.fromCodePoint(0x4e00 + 2 * index)).join('')}]`,
      Array.from({ length: 5000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('|'),
    ];
    for (const inside of hostile)
      for (const outside of hostile) {
        const word = wordIn({ inside: [inside], notIn: [outside], min: 40 });
        if (typeof word === 'string') expect(matchesWithin(inside, word)).toBe(true);
      }
  });
});

describe('patternContains', () => {
  it.each([
    ['^[a-z]+$', ['^[a-f]{3}$'], {}, true],
    ['^[a-f]{3}$', ['^[a-z]+$'], {}, false],
    ['^[a-z]{1,3}$', ['^[a-z]*$'], { min: 1, max: 3 }, true],
    ['^[a-z]{1,3}$', ['^[a-z]*$'], { max: 3 }, false],
    ['a', ['^[ab]*$', '[^b]'], {}, true],
    ['^\\d+$', ['^[0-9]+$'], {}, true],
    ['^[0-9]+$', ['^\\p{Nd}+$'], {}, false],
    ['^\\p{L}+$', ['^\\p{Lu}\\p{Ll}*$'], {}, true],
    ['^.*$', ['^[^]*$'], {}, false],
    ['^.*$', ['^[^\\n\\r\\u2028\\u2029]*$'], {}, true],
    ['^a{1,10000}$', ['^a{1,9999}$'], {}, true],
    ['a{1,10000}', ['a{5}'], {}, true],
    ['^(a|b){1,10000}$', ['^(b|a){1,9999}$'], {}, true],
    ['^.{0,65535}$', ['^.{0,65534}$'], {}, true],
    ['^[^@\\s]+@[^@\\s]+$', ['^[\\w.]+@\\w+\\.\\w{2,}$'], {}, true],
    ['(?=.*\\d)(?=.*[a-z])', ['^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d).{8,}$'], {}, true],
    ['^(\\w)\\1$', ['^(\\w)\\1$'], {}, true],
    ['^(\\w)\\1$', ['^aa$'], {}, undefined],
    ['(?<=a)b', ['^ab$'], {}, undefined],
    ['(', ['^a$'], {}, undefined],
  ] as const)('%s holds %j %j: %s', (outside, inside, bounds, expected) =>
    expect(patternContains(outside, inside, bounds)).toBe(expected),
  );

  it('agrees with the engine about single words, for random patterns', () => {
    fc.assert(
      fc.property(randomPattern, fc.array(randomWord, { minLength: 1, maxLength: 8 }), (pattern, words) => {
        const engine = new RegExp(pattern, 'u');
        for (const word of words) {
          const expected = engine.test(word);
          expect([true, false, undefined]).toContain(matchesWithin(pattern, word));
          expect(matchesWithin(pattern, word) ?? expected).toBe(expected);
          const answer = patternContains(pattern, [exactly(word)]);
          expect(answer ?? expected).toBe(expected);
          // It declines what takes an engine too long, and what V8 finds between the halves of a character.
          if (answer === undefined && matchesWithin(pattern, word) !== undefined)
            expect([pattern, word]).toEqual([expect.stringMatching(/\\B|\(\?[=!]/), expect.stringContaining('😀')]);
          const found = wordIn({ inside: [pattern, exactly(word)], notIn: [] });
          expect(found === undefined ? expected : found === word).toBe(expected);
        }
      }),
      { numRuns: 600 },
    );
  });

  it('does not rely on where in a character an engine looks', () => {
    expect(/\B/u.test('a😀a')).toBe(true);
    expect(wordIn({ inside: ['\\B', '^a😀a$'], notIn: [] })).toBe('a😀a');
    expect(patternContains('\\B', ['^a😀a$'])).toBeUndefined();
    expect(patternContains('[^]{3,}|^$', ['(?!a)(?!😀)(?!$)', '^[a😀]*$'])).toBe(false);
  });

  it('is reflexive and transitive, for random patterns', () => {
    fc.assert(
      fc.property(contractPattern, contractPattern, contractPattern, (a, b, c) => {
        expect(patternContains(`(?:${a})`, [a])).not.toBe(false);
        const both = `(?:${a})|(?:${b})`;
        expect(patternContains(both, [a])).not.toBe(false);
        if (patternContains(b, [a]) && patternContains(c, [b])) expect(patternContains(c, [a])).not.toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
