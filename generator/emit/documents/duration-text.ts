const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** Milliseconds as people say them, exactly: `5 min`, `1 min 30 s`, `20.5 s`, `500 ms`; no unit that is zero. */
export function durationText(ms: number): string {
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  if (rest > 0 && ms < 1_000) parts.push(`${rest} ms`);
  else if (rest > 0 || ms === 0) parts.push(`${rest / 1_000} s`);
  return parts.join(' ');
}
