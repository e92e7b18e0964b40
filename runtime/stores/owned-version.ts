/** Microseconds since the epoch by the runtime's clock, which counts milliseconds with fractions. */
export function microsecondsOf(nowMs: number): bigint {
  return BigInt(Math.floor(nowMs * 1000));
}

/** The instant of a change: now, but always later than the change before it, even when the clock stands still or another machine's runs behind. */
export function laterInstant(before: bigint | undefined, now: bigint): bigint {
  return before !== undefined && before >= now ? before + 1n : now;
}
