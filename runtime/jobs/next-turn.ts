import { formatInstant } from '../instant.js';
import type { JobDefinition } from './definition.js';
import type { JobState } from './job-state.js';
import type { Schedule } from './schedule.js';

/** What an instance does next about a job. */
export type Turn =
  /** Run this try; occurrences up to `upTo` are then dealt with. */
  | { readonly kind: 'run'; readonly occurrence: string; readonly attempt: number; readonly upTo: number }
  /** The run at work has died with its last try. */
  | { readonly kind: 'give-up' }
  /** Nothing before this instant, ms since the epoch. */
  | { readonly kind: 'wait'; readonly untilMs: number };

/**
 * Decides from what the store knows. One run of a job at a time: what falls due meanwhile waits for its end, and is then treated like what was missed.
 * `aliveSince` is when this instance began to look; `wanted` an occurrence that somebody asks for by hand.
 */
export function nextTurn(
  { attemptsMax, catchUp }: Pick<JobDefinition, 'attemptsMax' | 'catchUp'>,
  schedule: Schedule,
  { upTo, run }: JobState,
  { nowMs, aliveSince, wanted }: { readonly nowMs: number; readonly aliveSince: number; readonly wanted?: string },
): Turn {
  if (run?.state === 'running' || run?.state === 'waiting') {
    if (run.until > nowMs) return { kind: 'wait', untilMs: run.until };
    if (run.attempt >= attemptsMax) return { kind: 'give-up' };
    return { kind: 'run', occurrence: run.occurrence, attempt: run.attempt + 1, upTo };
  }
  if (wanted !== undefined) return { kind: 'run', occurrence: wanted, attempt: 1, upTo };
  const due = catchUp === 'all' ? schedule.next(upTo) : schedule.latest(nowMs);
  const counts = due !== undefined && due <= nowMs && due > upTo && (catchUp !== 'none' || due >= aliveSince);
  if (counts) return { kind: 'run', occurrence: occurrenceAt(due), attempt: 1, upTo: due };
  return { kind: 'wait', untilMs: schedule.next(nowMs) ?? Number.POSITIVE_INFINITY };
}

/** The instant as jobs are told of it: RFC 3339 in UTC, without a fraction where there is none. */
export function occurrenceAt(ms: number): string {
  return formatInstant(BigInt(Math.round(ms * 1_000))).replace(/\.?0+Z$/, 'Z');
}
