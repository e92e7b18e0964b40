import { matchesWithin } from '../../pattern/matches-within.js';
import { mayBacktrack } from '../../pattern/may-backtrack.js';
import { parsePattern } from '../../pattern/parse-pattern.js';
import { isMapping, memberOf } from '../json.js';
import type { SchemaSource } from '../verdict.js';

const known = new WeakMap<object, readonly string[]>();

/** The patterns of a source that a validator may take for ever over, depending on the text. */
export function slowPatterns(source: SchemaSource): readonly string[] {
  const holders = source.place ? [...source.place.documents.values()] : [source.schema];
  return holders.flatMap((holder) => {
    if (typeof holder !== 'object' || holder === null) return [];
    const before = known.get(holder) ?? [...new Set(patternsIn(holder))].filter(isSlow);
    known.set(holder, before);
    return before;
  });
}

/** Whether no text in a value, names of properties included, keeps a validator busy for longer than anybody waits. */
export function isSoonJudged(patterns: readonly string[], value: unknown): boolean {
  if (patterns.length === 0) return true;
  const isSoon = (text: string) => patterns.every((pattern) => matchesWithin(pattern, text) !== undefined);
  if (typeof value === 'string') return isSoon(value);
  if (Array.isArray(value)) return value.every((item) => isSoonJudged(patterns, item));
  if (!isMapping(value)) return true;
  return Object.keys(value).every((name) => isSoon(name) && isSoonJudged(patterns, memberOf(value, name)));
}

const isSlow = (pattern: string): boolean => parsePattern(pattern) !== undefined && mayBacktrack(pattern);

function* patternsIn(schema: object): Generator<string> {
  const open: object[] = [schema];
  const seen = new Set<object>(open);
  for (const each of open) {
    for (const [key, value] of Object.entries(each)) {
      if (key === 'pattern' && typeof value === 'string') yield value;
      if (key === 'patternProperties' && isMapping(value)) yield* Object.keys(value);
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      seen.add(value);
      open.push(value);
    }
  }
}
