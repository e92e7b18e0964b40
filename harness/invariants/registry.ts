import type { Run } from '../history.js';
import type { Subject } from '../subject.js';
import { acknowledgedAfterCommit } from './acknowledged-after-commit.js';
import { boundedAttempts } from './bounded-attempts.js';
import { breakerLawful } from './breaker-lawful.js';
import { bulkheadHolds } from './bulkhead-holds.js';
import { callCorrelation } from './call-correlation.js';
import { callsHaveDeadlines } from './calls-have-deadlines.js';
import { comesToRest } from './comes-to-rest.js';
import { converged } from './converged.js';
import { correlationKept } from './correlation-kept.js';
import { deadLetterComplete } from './dead-letter-complete.js';
import { deletedStaysDeleted } from './deleted-stays-deleted.js';
import { effectOnce } from './effect-once.js';
import { effectOncePerCall } from './effect-once-per-call.js';
import { fallbackNotKept } from './fallback-not-kept.js';
import { flagOffMeansOff } from './flag-off-means-off.js';
import { forceRespected } from './force-respected.js';
import type { Invariant, Violation } from './invariant.js';
import { noBlocking } from './no-blocking.js';
import { noEcho } from './no-echo.js';
import { noPhantom } from './no-phantom.js';
import { nothingLost } from './nothing-lost.js';
import { onlyKnownCallers } from './only-known-callers.js';
import { ownerOnly } from './owner-only.js';
import { publishedInOrder } from './published-in-order.js';
import { readInFull } from './read-in-full.js';
import { readsOwnWrites } from './reads-own-writes.js';
import { replayRestores } from './replay-restores.js';
import { retriesWithinBudget } from './retries-within-budget.js';
import { retryAfterHeeded } from './retry-after-heeded.js';
import { routedOnce } from './routed-once.js';
import { validOnTheWire } from './valid-on-the-wire.js';
import { versionNeverGoesBack } from './version-never-goes-back.js';
import { waitsHonoured } from './waits-honoured.js';
import { wokenInTime } from './woken-in-time.js';

/** Every promise that is checked in every run. Adding one is a file and a line here. */
export const invariants: readonly Invariant[] = [
  versionNeverGoesBack,
  deletedStaysDeleted,
  effectOnce,
  acknowledgedAfterCommit,
  waitsHonoured,
  wokenInTime,
  forceRespected,
  noPhantom,
  ownerOnly,
  validOnTheWire,
  publishedInOrder,
  noEcho,
  correlationKept,
  routedOnce,
  nothingLost,
  converged,
  readInFull,
  replayRestores,
  deadLetterComplete,
  boundedAttempts,
  noBlocking,
  comesToRest,
  breakerLawful,
  callCorrelation,
  callsHaveDeadlines,
  effectOncePerCall,
  fallbackNotKept,
  retriesWithinBudget,
  bulkheadHolds,
  flagOffMeansOff,
  onlyKnownCallers,
  readsOwnWrites,
  retryAfterHeeded,
];

/** What a run broke, in the order of the registry. */
export function violationsOf(run: Run, subject: Subject): readonly Violation[] {
  return invariants.flatMap((invariant) => [...invariant.check(run, subject)]);
}
