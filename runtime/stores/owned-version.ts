/** Microseconds since the epoch by the runtime's clock, which counts milliseconds with fractions. */
export function microsecondsOf(nowMs: number): bigint {
  return BigInt(Math.floor(nowMs * 1000));
}

/** The instant of a change: now, but always later than the change before it, even when the clock stands still or another machine's runs behind. */
export function laterInstant(before: bigint | undefined, now: bigint): bigint {
  return before !== undefined && before >= now ? before + 1n : now;
}

/** RFC 3339 in UTC with six digits, such as `2026-03-01T08:00:00.000001Z`; sorts as text in the order of time. */
export function instantText(microseconds: bigint): string {
  const wholeMs = microseconds / 1000n;
  return new Date(Number(wholeMs)).toISOString().replace('Z', `${String(microseconds % 1000n).padStart(3, '0')}Z`);
}
