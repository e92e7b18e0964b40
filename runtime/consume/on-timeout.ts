import type { RetryPolicy, WaitRule } from '../definition.js';
import type { Presence } from '../stores/store.js';
import type { DeadReason, Received } from './consumer.js';

/** A dependency that is not there. */
export interface Missing {
  readonly rule: Pick<WaitRule<unknown>, 'timeoutMs' | 'forceTimeoutMs' | 'onTimeout' | 'optional' | 'maxAgeMs'>;
  readonly dependency: { readonly entity: string; readonly id: string };
  readonly presence: Exclude<Presence, 'live'>;
}

/** What to do about a missing dependency. */
export type WaitAction =
  /** Leave the parked row as it is. */
  | { readonly kind: 'keep' }
  | {
      readonly kind: 'park';
      readonly timeoutAt: number;
      /** How often the wait was overdue so far. */
      readonly attempts: number;
      /** The wait is overdue: somebody should know. */
      readonly alert: boolean;
      /** Ask the dependency's owner to tell it again. */
      readonly pull: boolean;
    }
  | { readonly kind: 'dead'; readonly reason: DeadReason }
  | { readonly kind: 'skip' }
  /** Go on without the dependency. */
  | { readonly kind: 'pass' };

export interface WaitTerms {
  readonly nowMs: number;
  readonly retry: RetryPolicy;
  /** Delay before try number `attempt`, in ms. */
  retryDelayMs(attempt: number): number;
}

/**
 * Decides about a missing dependency: wait, or what the contract says for the timeout.
 *
 * A deleted dependency does not come by waiting, so its timeout is now. `park` then means: tell an operator and stay until the maximum age,
 * because a deleted entity may still be created again. The tombstone counts once: an owner that is asked and answers "deleted" must not be asked again
 * at once, for ever.
 */
export function onMissing(
  missing: Missing,
  received: Pick<Received, 'parked' | 'envelope'>,
  terms: WaitTerms,
): WaitAction {
  const { rule, presence } = missing;
  const parked = received.parked;
  if (parked !== undefined && terms.nowMs >= parked.expiresAt && !rule.optional) {
    return { kind: 'dead', reason: 'dependency-expired' };
  }
  const same =
    parked?.dependency.entity === missing.dependency.entity && parked.dependency.id === missing.dependency.id;
  const waitMs = received.envelope.force === true ? rule.forceTimeoutMs : rule.timeoutMs;
  const timeoutAt = same ? parked.timeoutAt : terms.nowMs + waitMs;
  const before = same ? parked.attempts : 0;
  const due = terms.nowMs >= timeoutAt || (presence === 'deleted' && before === 0);
  if (!due) {
    const untouched = same && parked.why === 'sweep';
    return untouched ? { kind: 'keep' } : { kind: 'park', timeoutAt, attempts: before, alert: false, pull: false };
  }
  if (rule.optional) return { kind: 'pass' };
  const attempts = before + 1;
  switch (rule.onTimeout) {
    case 'park':
      return { kind: 'park', timeoutAt: Number.POSITIVE_INFINITY, attempts, alert: true, pull: false };
    case 'pull':
      return { kind: 'park', timeoutAt: terms.nowMs + Math.max(waitMs, minPullMs), attempts, alert: true, pull: true };
    case 'retry':
      if (attempts >= terms.retry.attemptsMax) return { kind: 'dead', reason: reasonFor(presence) };
      return {
        kind: 'park',
        timeoutAt: terms.nowMs + terms.retryDelayMs(attempts),
        attempts,
        alert: false,
        pull: false,
      };
    case 'dead-letter':
      return { kind: 'dead', reason: reasonFor(presence) };
    case 'skip':
      return { kind: 'skip' };
  }
}

/** An owner is not asked for the same entity more often than this. */
const minPullMs = 1_000;

function reasonFor(presence: Missing['presence']): DeadReason {
  return presence === 'deleted' ? 'dependency-deleted' : 'dependency-timeout';
}
