import { createHash } from 'node:crypto';
import { UsageError } from '../errors.js';
import type { BucketDigest, EntityVersion } from './store.js';

/** Buckets are told apart by 32 bits of a hash; more of them than this would hold next to nothing each. */
const bucketsMax = 2 ** 20;
const mask = 0xffff_ffff_ffff_ffffn;

/** Throws `UsageError` for a number of buckets that nobody can count in. */
export function assertBuckets(buckets: number): void {
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > bucketsMax) {
    throw new UsageError(`${buckets} is no number of buckets: 1 to ${bucketsMax}`);
  }
}

/** The bucket of an id. The SQL stores compute the same, see `sql/digest.ts`. */
export function bucketOf(id: string, buckets: number): number {
  return hashed(id).readUInt32BE() % buckets;
}

/** What one entity adds to the checksum of its bucket. */
export function checksumOf({ id, version, deleted }: EntityVersion): bigint {
  return hashed(`${version.epoch}/${version.sequence}/${deleted ? 1 : 0}/${id}`).readBigUInt64BE();
}

/** A sum as the digest shows it; it may be negative or larger than 64 bits. */
export function checksumText(sum: bigint): string {
  return (sum & mask).toString(16).padStart(16, '0');
}

/** The digest of entities at hand, by ascending bucket. */
export function digestOf(entities: Iterable<EntityVersion>, buckets: number): readonly BucketDigest[] {
  assertBuckets(buckets);
  const sums = new Map<number, { live: number; deleted: number; sum: bigint; liveSum: bigint }>();
  for (const entity of entities) {
    const bucket = bucketOf(entity.id, buckets);
    const sum = sums.get(bucket) ?? { live: 0, deleted: 0, sum: 0n, liveSum: 0n };
    sums.set(bucket, sum);
    const added = checksumOf(entity);
    sum.sum += added;
    if (!entity.deleted) sum.liveSum += added;
    sum[entity.deleted ? 'deleted' : 'live'] += 1;
  }
  return [...sums]
    .sort(([left], [right]) => left - right)
    .map(([bucket, { live, deleted, sum, liveSum }]) => ({
      ...{ bucket, live, deleted },
      ...{ checksum: checksumText(sum), liveChecksum: checksumText(liveSum) },
    }));
}

function hashed(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
