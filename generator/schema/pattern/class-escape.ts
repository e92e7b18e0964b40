import { type CodePoints, codePoints, complement, LAST_CODE_POINT } from './code-points.js';

/** What `\w` and `\b` call part of a word. */
export const WORD: CodePoints = codePoints([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]);
const DIGIT: CodePoints = [0x30, 0x39];
const SPACE: CodePoints = codePoints([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);

const known = new Map<string, CodePoints>(
  Object.entries({ d: DIGIT, w: WORD, s: SPACE }).flatMap(([letter, set]) => [
    [`\\${letter}`, set],
    [`\\${letter.toUpperCase()}`, complement(set)],
  ]),
);

/**
 * The code points that an escape such as `\s` or `\p{Lu}` stands for. Properties are read from the engine that runs validators: its Unicode tables are the only ones that count.
 * That takes some milliseconds the first time one is met.
 */
export function classEscape(written: string): CodePoints {
  const before = known.get(written);
  if (before) return before;
  const set = setInEngine(written);
  known.set(written, set);
  return set;
}

/** Code points per text handed to the engine: few calls, little memory. */
const BLOCK = 0x4000;
const SURROGATES = [0xd800, 0xdfff] as const;

/** What the engine makes of an escape, found by matching it against every code point. */
export function setInEngine(written: string): CodePoints {
  const runs = new RegExp(`${written}+`, 'gu');
  const one = new RegExp(`^${written}$`, 'u');
  const ranges: (readonly [number, number])[] = [];
  for (let from = 0; from <= LAST_CODE_POINT; from += BLOCK) {
    // Lone surrogates would join to pairs, so they are asked about one by one.
    if (from <= SURROGATES[1] && from + BLOCK > SURROGATES[0]) {
      for (let point = from; point < from + BLOCK; point++)
        if (one.test(String.fromCodePoint(point))) ranges.push([point, point]);
      continue;
    }
    const points = Array.from({ length: BLOCK }, (_, index) => from + index);
    const width = from > 0xffff ? 2 : 1;
    for (const run of String.fromCodePoint(...points).matchAll(runs))
      ranges.push([from + run.index / width, from + (run.index + run[0].length) / width - 1]);
  }
  return codePoints(ranges);
}
