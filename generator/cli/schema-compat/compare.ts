import { UsageError } from '../../../runtime/errors.js';
import { type Content, contains, type SchemaSource, type Verdict } from '../../schema/contains.js';

export const MODES = ['backward', 'forward', 'full'] as const;
export type Mode = (typeof MODES)[number];
export const CONTENTS: readonly Content[] = ['strict', 'tolerant'];

/** One direction that a mode asks about. */
export interface Direction {
  /** `new`: the new schema reads what the old one wrote. */
  readonly reader: 'old' | 'new';
  readonly verdict: Verdict;
}

export interface Comparison {
  readonly verdict: Verdict['verdict'];
  readonly directions: readonly Direction[];
  /** Of the first direction that has one. */
  readonly counterexample?: { readonly value: unknown };
}

/** `backward`: the new schema accepts whatever the old one does; `forward`: the other way round; `full`: both. */
export function compare(old: SchemaSource, next: SchemaSource, mode: Mode, content: Content): Comparison {
  const readers = mode === 'full' ? (['new', 'old'] as const) : ([mode === 'backward' ? 'new' : 'old'] as const);
  const directions = readers.map((reader): Direction => {
    const [reads, writes] = reader === 'new' ? [next, old] : [old, next];
    return { reader, verdict: contains(reads, writes, { content }) };
  });
  const kinds = directions.map(({ verdict }) => verdict.verdict);
  const verdict = kinds.includes('incompatible')
    ? 'incompatible'
    : kinds.includes('unknown')
      ? 'unknown'
      : 'compatible';
  const broken = directions.map((each) => each.verdict).find((each) => each.verdict === 'incompatible');
  return {
    verdict,
    directions,
    ...(broken?.verdict === 'incompatible' ? { counterexample: { value: broken.counterexample } } : {}),
  };
}

/** 1 for a counterexample, 3 when it is unknown, else 0. */
export function exitCodeFor(verdict: Verdict['verdict']): 0 | 1 | 3 {
  return verdict === 'compatible' ? 0 : verdict === 'incompatible' ? 1 : 3;
}

/** One of a few words. Throws `UsageError` that names them. */
export function wordOf<T extends string>(what: string, word: unknown, words: readonly T[], fallback: T): T {
  if (word === undefined) return fallback;
  const found = words.find((each) => each === word);
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no ${what} "${String(word)}"; there are ${words.map((each) => `"${each}"`).join(', ')}`,
  );
}
