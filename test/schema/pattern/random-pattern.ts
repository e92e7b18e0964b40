import fc from 'fast-check';

/** Few characters, so that random patterns meet random words: letters, a digit, blanks, a line end, and some that take two units. */
export const CHARACTERS = ['a', 'b', '1', ' ', '\n', 'é', '😀'] as const;

const atom = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', '1', ' ', 'é', '😀') },
  {
    weight: 5,
    arbitrary: fc.constantFrom('.', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\n', '\\p{L}', '\\P{L}', '\\u{1F600}'),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      '[ab]',
      '[^a]',
      '[a-z]',
      '[^\\d]',
      '[\\w ]',
      '[^\\s\\S]',
      '[^]',
      '[]',
      '[é-😀]',
      '[\\]b-]',
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom('\\x61', '\\u0062', '\\ud83d\\ude00', '\\cJ', '[\\b]', '\\.', '\\/') },
);
const quantifier = fc.constantFrom('*', '+', '?', '{2}', '{0}', '{1,}', '{0,2}', '{1,3}', '*?', '+?', '??', '{1,2}?');
const assertion = fc.constantFrom('^', '$', '\\b', '\\B', '');

/** Patterns of everything that is regular, as they are written; all compile with the flag `u`. */
export const randomPattern: fc.Arbitrary<string> = fc.letrec<{ choice: string; sequence: string; part: string }>(
  (tie) => ({
    choice: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: tie('sequence') },
      { weight: 2, arbitrary: fc.tuple(tie('sequence'), tie('choice')).map((each) => each.join('|')) },
    ),
    sequence: fc.array(tie('part'), { maxLength: 4 }).map((parts) => parts.join('')),
    part: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 8, arbitrary: atom },
      { weight: 5, arbitrary: fc.tuple(atom, quantifier).map((each) => each.join('')) },
      { weight: 2, arbitrary: assertion },
      { weight: 3, arbitrary: fc.tuple(tie('choice'), quantifier).map(([inner, times]) => `(?:${inner})${times}`) },
      { weight: 2, arbitrary: tie('choice').map((inner) => `(${inner})`) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom('=', '!'), tie('choice')).map(([sign, inner]) => `(?${sign}${inner})`),
      },
    ),
  }),
).choice;

/** The same, now and then held at one end or both, as patterns of contracts mostly are. */
export const contractPattern: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('', '^', '^'), randomPattern, fc.constantFrom('', '$', '$'))
  .map(([start, inner, end]) => (start || end ? `${start}(?:${inner})${end}` : inner));

export const randomWord: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...CHARACTERS), { maxLength: 6 })
  .map((chars) => chars.join(''));

/** All words up to a length. */
export function wordsUpTo(length: number, characters: readonly string[] = CHARACTERS): readonly string[] {
  let words: readonly string[] = [''];
  const all = [...words];
  for (let count = 0; count < length; count++) {
    words = words.flatMap((word) => characters.map((char) => word + char));
    all.push(...words);
  }
  return all;
}

/** The pattern that this text alone matches. */
export function exactly(word: string): string {
  return `^${[...word].map((char) => `\\u{${char.codePointAt(0)?.toString(16)}}`).join('')}$`;
}
