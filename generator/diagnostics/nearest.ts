/**
 * The name among `candidates` that a mistyped `name` most likely meant, for "did you mean".
 *
 * Case is free; at most two edits (a swap of neighbours is one), and at most a third of the length, so that short names do not match everything.
 * @returns undefined when none is near enough; the first one when several are equally near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  return nearestAll(name, candidates, 1)[0];
}

/** The nearest names first, at most `limit`. */
export function nearestAll(name: string, candidates: Iterable<string>, limit: number): readonly string[] {
  const wanted = fold(name);
  const bound = Math.min(2, Math.max(1, Math.floor(wanted.length / 3)));
  const near: { name: string; edits: number }[] = [];
  for (const candidate of candidates) {
    const edits = distance(wanted, fold(candidate), bound);
    if (edits <= bound && candidate !== name) near.push({ name: candidate, edits });
  }
  return near
    .sort((a, b) => a.edits - b.edits)
    .slice(0, limit)
    .map((item) => item.name);
}

/** `retry-policy`, `retry_policy` and `retryPolicy` are one name to a reader. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[-_.\s]/g, '');
}

/** Edits (insert, delete, replace, swap of neighbours) between two names; `bound + 1` as soon as there are more. */
function distance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(replace, swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
