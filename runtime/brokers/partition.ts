/**
 * Partition of a key, 0 to `partitions` - 1; the same on every machine and in every version of Node.
 *
 * FNV-1a over the UTF-16 code units, then mixed: the plain hash of keys that differ only in their last digit fills few partitions.
 */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % partitions;
}
