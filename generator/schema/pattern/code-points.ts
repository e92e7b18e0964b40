/** A set of code points: first and last of each range in turn, sorted, ranges neither touching nor overlapping. */
export type CodePoints = readonly number[];

export const LAST_CODE_POINT = 0x10_ffff;
export const NO_CODE_POINT: CodePoints = [];
export const EVERY_CODE_POINT: CodePoints = [0, LAST_CODE_POINT];

/** Ranges in any order, overlaps allowed, as a set. */
export function codePoints(ranges: readonly (readonly [first: number, last: number])[]): CodePoints {
  const result: number[] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const end = result.at(-1);
    if (end !== undefined && first <= end + 1) result[result.length - 1] = Math.max(end, last);
    else result.push(first, last);
  }
  return result;
}

export function union(sets: readonly CodePoints[]): CodePoints {
  return sets.length === 1 ? (sets[0] ?? []) : codePoints(sets.flatMap(rangesOf));
}

export function complement(set: CodePoints): CodePoints {
  const result: number[] = [];
  let next = 0;
  for (const [first, last] of rangesOf(set)) {
    if (first > next) result.push(next, first - 1);
    next = last + 1;
  }
  if (next <= LAST_CODE_POINT) result.push(next, LAST_CODE_POINT);
  return result;
}

export function rangesOf(set: CodePoints): readonly (readonly [first: number, last: number])[] {
  return Array.from({ length: set.length / 2 }, (_, index) => [set[2 * index] ?? 0, set[2 * index + 1] ?? 0] as const);
}

export function includes(set: CodePoints, point: number): boolean {
  let [low, high] = [0, set.length / 2 - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (point < (set[2 * middle] ?? 0)) high = middle - 1;
    else if (point > (set[2 * middle + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}
