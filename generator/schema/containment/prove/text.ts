import { matchesWithin } from '../../pattern/matches-within.js';
import { parsePattern } from '../../pattern/parse-pattern.js';
import { patternOfFormat } from '../../pattern/pattern-of-format.js';
import { wordIn } from '../../pattern/word-in.js';
import { randomStream } from '../../random.js';
import { textOfFormat } from '../../text-example.js';
import { isOfFormat, matches } from '../evaluate.js';
import { lengthOf } from '../json.js';
import { type Decision, type Literal, unknown } from './outcome.js';

/** So many texts that are excluded by value are stepped over. */
const EXCLUDED_MAX = 40;
const SAMPLES = 12;

interface Wanted {
  readonly inside: readonly string[];
  readonly notIn: readonly string[];
  readonly min: number;
  readonly max: number;
}

/** A text that satisfies all literals. */
export function decideText(literals: readonly Literal[], step: (cost?: number) => void): Decision {
  const inside: string[] = [];
  const notIn: string[] = [];
  const named: { name: string; holds: boolean }[] = [];
  const formats: { name: string; holds: boolean }[] = [];
  const excluded = new Set<unknown>();
  let [min, max, levels] = [0, Number.POSITIVE_INFINITY, 0n];
  for (const literal of literals) {
    levels |= literal.levels;
    const { atom } = literal;
    if (atom.kind === 'length' && atom.side === 'min') min = Math.max(min, atom.count);
    if (atom.kind === 'length' && atom.side === 'max') max = Math.min(max, atom.count);
    if (atom.kind === 'pattern') (atom.holds ? inside : notIn).push(atom.source);
    if (atom.kind === 'format') {
      named.push(atom);
      const pattern = patternOfFormat(atom.name);
      if (pattern === undefined) formats.push(atom);
      else (atom.holds ? inside : notIn).push(pattern);
    }
    if (atom.kind === 'values' && !atom.holds) for (const value of atom.values.values()) excluded.add(value);
  }
  if (min > max) return { kind: 'none', levels };
  const fits = (text: string): boolean => {
    const length = lengthOf(text);
    return (
      length >= min &&
      length <= max &&
      !excluded.has(text) &&
      inside.every((source) => found(source, text) === true) &&
      notIn.every((source) => found(source, text) === false) &&
      formats.every(({ name, holds }) => isOfFormat(name, text) === holds)
    );
  };
  for (const text of simple(
    min,
    formats,
    inside.length === 0 && min < 1_000 ? Math.min(excluded.size, EXCLUDED_MAX * 50) : 0,
  )) {
    step();
    if (fits(text)) return { kind: 'some', value: text };
  }
  if (max === 0) return { kind: 'none', levels };
  return search({ inside, notIn, min, max }, excluded, fits, levels, step);
}

/** Undefined when a pattern would keep the engine busy for too long. */
function found(source: string, text: string): boolean | undefined {
  return parsePattern(source) ? matchesWithin(source, text) : matches(source, text);
}

/** Texts that often do, without regard to patterns. */
function* simple(
  min: number,
  formats: readonly { name: string; holds: boolean }[],
  excluded: number,
): Generator<string> {
  const random = randomStream(1);
  for (const { name, holds } of formats)
    for (let sample = 0; holds && sample < SAMPLES; sample++) yield textOfFormat(random, name) ?? '';
  if (min <= 2_000_000) for (const letter of ['a', 'x', '0', ' ']) yield letter.repeat(min);
  if (min === 0) yield* ['a', 'b', 'A', '0', 'aa', 'x-y'];
  for (let count = 0; count <= excluded; count++) yield `p${count}`.padEnd(min, 'a');
}

function search(
  wanted: Wanted,
  excluded: ReadonlySet<unknown>,
  fits: (text: string) => boolean,
  levels: bigint,
  step: (cost?: number) => void,
): Decision {
  // Excluded values that the patterns would allow; in one pattern, so that they cost little.
  const skipped = [...excluded].filter(
    (text): text is string => typeof text === 'string' && wanted.inside.every((source) => matches(source, text)),
  );
  const known = skipped.length > EXCLUDED_MAX * 5 ? [] : skipped;
  let candidate: { value: unknown } | undefined;
  for (let round = 0; round < EXCLUDED_MAX; round++) {
    step(20);
    const word = wordIn({ ...wanted, notIn: known.length === 0 ? wanted.notIn : [...wanted.notIn, oneOf(known)] });
    if (word === null) return candidate === undefined ? { kind: 'none', levels } : unfinished(candidate);
    if (word === undefined) return unfinished(candidate);
    if (fits(word)) return { kind: 'some', value: word };
    // Stepped over by value: nothing is lost. Stepped over for its format: other texts may do.
    if (!excluded.has(word)) candidate = { value: word };
    known.push(word);
  }
  return unfinished(candidate);
}

/** Matches exactly these texts. */
function oneOf(texts: readonly string[]): string {
  return `^(?:${texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')})$`;
}

function unfinished(candidate: { readonly value: unknown } | undefined): Decision {
  return unknown('no text was found that has every pattern and format', candidate);
}
