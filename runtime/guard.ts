import { compareCodePoints } from './code-points.js';
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

/** What is kept of the last message that was applied. A deleted entity keeps its row: the tombstone. */
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

/**
 * The ordering guard: decides from the stored version alone, so that every order of delivery ends in the same row.
 *
 * A newer version always wins, also over a tombstone (re-creation); a deletion of something unknown applies too, or a late update would bring it back.
 * The SQL stores hold the same rules as one conditional write (`stores/sql/guarded-write.ts`); a property test keeps the two equal.
 */
export function decide(stored: Stored | undefined, incoming: Incoming): Outcome {
  const forced = isForced(incoming);
  if (stored === undefined) return !forced && hasGap(0n, incoming) ? 'gap' : 'applied';

  const position = comparePositions(incoming.version, stored.version);
  const order = position === 0 ? compareCodePoints(incoming.version.tie, stored.version.tie) : position;
  if (forced && position > 0) return 'applied';
  if (forced && position === 0) return order === 0 && contradicts(stored, incoming) ? 'conflict' : 'reapplied';
  if (order < 0) return 'stale';
  if (order > 0) return hasGap(stored.version.sequence, incoming) ? 'gap' : 'applied';
  if (contradicts(stored, incoming)) return 'conflict';
  return incoming.equalApplies ? 'reapplied' : 'duplicate';
}

/** Whether an outcome changes the row. A delta with a gap must wait for its predecessor; a state repairs the gap by itself. */
export function applies(outcome: Outcome, carries: Carries): boolean {
  return outcome === 'applied' || outcome === 'reapplied' || (outcome === 'gap' && carries === 'state');
}

/** The row after `incoming` was applied. A forced message of the same instant never lowers the tie-breaker. */
export function nextStored(stored: Stored | undefined, incoming: Incoming): Stored {
  const { version, hash, deleted } = incoming;
  const lowersTie =
    stored !== undefined &&
    comparePositions(version, stored.version) === 0 &&
    compareVersions(version, stored.version) < 0;
  return { version: lowersTie ? stored.version : version, hash, deleted };
}

/** Below, at or above 0 as `left` is older, equal or newer. */
export function compareVersions(left: Version, right: Version): number {
  return comparePositions(left, right) || compareCodePoints(left.tie, right.tie);
}

function comparePositions(left: Version, right: Version): number {
  if (left.epoch !== right.epoch) return left.epoch - right.epoch;
  if (left.sequence === right.sequence) return 0;
  return left.sequence < right.sequence ? -1 : 1;
}

/** Force repairs a damaged copy, so an equal version applies again. A delta has nothing to repair with: applying it again would count it twice. */
export function isForced(incoming: Incoming): boolean {
  return incoming.force && incoming.carries === 'state';
}

/** True when the producer names a predecessor that was never seen here. */
function hasGap(storedSequence: bigint, { previousSequence }: Incoming): boolean {
  return previousSequence !== undefined && previousSequence > storedSequence;
}

/** Two different entities under one version come from two writers. Without a tie-breaker equal versions are expected and say nothing. */
function contradicts(stored: Stored, incoming: Incoming): boolean {
  return !incoming.equalApplies && stored.hash !== incoming.hash;
}
