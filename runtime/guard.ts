import type { Carries } from './envelope.js';

/**
 * The version of an entity: generation of the owner's counter, position in it, and a tie-breaker.
 *
 * With timestamps as versions `epoch` is 0, `sequence` is nanoseconds since the Unix epoch and `tie` is the tie-breaking value.
 */
export interface Version {
  readonly epoch: number;
  readonly sequence: bigint;
  /** Compared by code point; '' when sequences cannot tie. */
  readonly tie: string;
}

/** A message as the guard sees it. */
export interface Incoming {
  readonly version: Version;
  /** Hash of the entity as sent; tells a duplicate from two writers. */
  readonly hash: string;
  readonly deleted: boolean;
  readonly force: boolean;
  readonly carries: Carries;
  /** Sequence of the message before this one, when the producer says so. */
  readonly previousSequence?: bigint;
  /** True when versions have no tie-breaker: an equal version is then applied, last arrival wins. */
  readonly equalApplies: boolean;
}

export interface Stored {
  readonly version: Version;
  readonly hash: string;
  readonly deleted: boolean;
}

/**
 * What the guard does with a message.
 * `applied` newer; `reapplied` equal and forced (or without tie-breaker); `gap` newer but a predecessor is missing: applied when the message carries state,
 * held back when it carries a delta; `duplicate` equal and the same; `conflict` equal but different: two writers; `stale` older.
 */
export type Outcome = 'applied' | 'reapplied' | 'gap' | 'duplicate' | 'stale' | 'conflict';
