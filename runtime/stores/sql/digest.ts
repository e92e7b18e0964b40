import { assertBuckets, checksumText } from '../bucket.js';
import type { BucketDigest } from '../store.js';
import type { SqlClient } from './client.js';

/**
 * SQL of `bucketOf` for a column of ids and a parameter. Casting bits to a number of twice their size keeps it positive.
 */
export function bucketSql(id: string, buckets: string): string {
  return `('x' || encode(substring(sha256(convert_to(${id}, 'UTF8')) for 4), 'hex'))::bit(32)::bigint % ${buckets}`;
}

/** SQL of `checksumOf`, as a signed number: sums differ by multiples of 2^64 only. */
function checksumSql(): string {
  const text = `epoch::text || '/' || sequence::text || case when deleted then '/1/' else '/0/' end || id`;
  return `('x' || encode(substring(sha256(convert_to(${text}, 'UTF8')) for 8), 'hex'))::bit(64)::bigint`;
}

/** Digests what `entities`, a select of id, epoch, sequence and deleted, yields. Its parameters begin at $2. */
export async function digest(
  client: SqlClient,
  entities: string,
  buckets: number,
  values: readonly unknown[] = [],
): Promise<readonly BucketDigest[]> {
  assertBuckets(buckets);
  const rows = await client.query(
    `select bucket, count(*) filter (where not deleted)::text as live, count(*) filter (where deleted)::text as gone,
  sum(added)::text as sum, coalesce(sum(added) filter (where not deleted), 0)::text as live_sum
from (
  select ${bucketSql('id', '$1::bigint')} as bucket, deleted, ${checksumSql()} as added from (${entities}) as entity
) as hashed
group by bucket order by bucket`,
    [buckets, ...values],
  );
  return rows.map((row) => ({
    bucket: Number(row.bucket),
    live: Number(row.live),
    deleted: Number(row.gone),
    checksum: checksumText(BigInt(String(row.sum))),
    liveChecksum: checksumText(BigInt(String(row.live_sum))),
  }));
}
