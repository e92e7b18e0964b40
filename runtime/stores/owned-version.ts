import type { ToldVersion, VersionKind } from './store.js';

/** Microseconds since the epoch by the runtime's clock, which counts milliseconds with fractions. */
export function microsecondsOf(nowMs: number): bigint {
  return BigInt(Math.floor(nowMs * 1000));
}

/** The instant of a change: now, but always later than the change before it, even when the clock stands still or another machine's runs behind. */
export function laterInstant(before: bigint | undefined, now: bigint): bigint {
  return before !== undefined && before >= now ? before + 1n : now;
}

/** What an owner's row says of versions; instants in microseconds since the epoch. */
export interface OwnedNumbers {
  readonly id: string;
  readonly epoch: number;
  readonly sequence: bigint;
  readonly changedAt: bigint;
  readonly deleted: boolean;
  readonly publishedSequence: bigint;
  readonly publishedAt: bigint;
  readonly publishedDeleted: boolean;
}

/** What followers should have of an entity, in the numbers that they keep. Where instants are versions, these are nanoseconds. */
export function toldVersion(row: OwnedNumbers, versions: VersionKind): ToldVersion {
  const numbered = (sequence: bigint, at: bigint) =>
    versions === 'sequence' ? { epoch: row.epoch, sequence, tie: '' } : { epoch: 0, sequence: at * 1000n, tie: '' };
  return {
    id: row.id,
    version: numbered(row.publishedSequence, row.publishedAt),
    deleted: row.publishedDeleted,
    current: { version: numbered(row.sequence, row.changedAt), deleted: row.deleted },
  };
}
