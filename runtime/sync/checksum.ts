import { createHash } from 'node:crypto';
import type { Envelope } from '../envelope.js';

/** Adds up what a list of messages says of versions, in any order. */
export interface Checksum {
  add(envelope: Envelope): void;
  /** 16 hex digits. */
  value(): string;
}

/**
 * Sum modulo 2^64 of a hash per entity and version. A sum, not a chain: two sides that page differently still agree. Without a sequence the
 * instant stands for the version. `from` is a value to go on from.
 */
export function checksum(from = '0'): Checksum {
  let sum = BigInt(`0x${from}`);
  return {
    add({ type, subject, id, epoch, sequence, time }) {
      const version = sequence === undefined ? time : `${epoch ?? '0'}/${sequence}`;
      const digest = createHash('sha256')
        .update(JSON.stringify([type, subject ?? id, version]))
        .digest();
      sum = (sum + digest.readBigUInt64BE()) & 0xffff_ffff_ffff_ffffn;
    },
    value: () => sum.toString(16).padStart(16, '0'),
  };
}
