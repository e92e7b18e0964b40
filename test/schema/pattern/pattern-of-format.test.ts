import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../../generator/schema/ajv.js';
import { patternOfFormat } from '../../../generator/schema/pattern/pattern-of-format.js';
import { wordIn } from '../../../generator/schema/pattern/word-in.js';

const names = ['date', 'uuid', 'ipv4', 'hostname', 'json-pointer', 'relative-json-pointer', 'duration'];

/** Texts near the edge of each format: its characters in the wrong place, too many, too few. */
const pieces = [
  '0',
  '1',
  '9',
  '25',
  '29',
  '-',
  '02',
  '2000',
  '1900',
  '.',
  ':',
  '/',
  '~',
  '#',
  'a',
  'Z',
  'g',
  'P',
  'T',
  'Y',
  'W',
  'M',
  'urn:uuid:',
  'Urn:UUID:',
  '12345678',
  'ſ',
  'K',
  '😀',
  '\n',
];

describe('patternOfFormat', () => {
  it.each(names)('accepts for %s what the validator accepts', (name) => {
    const pattern = new RegExp(patternOfFormat(name) ?? '(?!)', 'u');
    const check = compileSchema({ format: name });
    const agree = (text: string): void => {
      if (pattern.test(text) !== (check(text).length === 0)) expect.fail(JSON.stringify(text));
    };
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((each) => each.join('')),
        agree,
      ),
    );
    // Words of the pattern, of every length it has, and each of them with one piece replaced, added or taken away.
    for (let length = 0; length < 46; length++) {
      const word = wordIn({ inside: [patternOfFormat(name) ?? ''], notIn: [], min: length, max: length });
      if (typeof word !== 'string') continue;
      agree(word);
      for (let at = 0; at <= word.length; at++)
        for (const piece of [...pieces, ''])
          for (const width of [0, 1]) agree(word.slice(0, at) + piece + word.slice(at + width));
    }
  });

  it('knows each day of every year', () => {
    const pattern = new RegExp(patternOfFormat('date') ?? '(?!)', 'u');
    const check = compileSchema({ format: 'date' });
    const two = (number: number) => String(number).padStart(2, '0');
    for (let year = 0; year < 10_000; year++)
      for (const day of year % 100 === 0
        ? Array.from({ length: 14 * 33 }, (_, index) => [Math.floor(index / 33), index % 33] as const)
        : ([
            [2, 28],
            [2, 29],
            [2, 30],
          ] as const)) {
        const text = `${String(year).padStart(4, '0')}-${two(day[0])}-${two(day[1])}`;
        if (pattern.test(text) !== (check(text).length === 0)) expect.fail(text);
      }
  });

  it('knows how long a name of a host may be', () => {
    const check = compileSchema({ format: 'hostname' });
    const pattern = new RegExp(patternOfFormat('hostname') ?? '(?!)', 'u');
    for (const length of [61, 62, 63, 64])
      for (const text of [
        'a'.repeat(length),
        `x.${'a'.repeat(length)}.`,
        `${`${'a'.repeat(62)}.`.repeat(4)}${'b'.repeat(length - 60)}`,
      ])
        expect([text, pattern.test(text)]).toEqual([text, check(text).length === 0]);
  });

  it('says nothing about others', () => {
    for (const name of ['date-time', 'email', 'regex', 'no-such-format']) expect(patternOfFormat(name)).toBeUndefined();
  });
});
