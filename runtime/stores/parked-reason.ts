import type { ParkedMessage, ParkedReason } from './store.js';

/** Why a parked message leaves now; undefined when it stays. One that can be applied at last is not given up for its age. */
export function parkedReason(
  { timeoutAt, expiresAt }: Pick<ParkedMessage, 'timeoutAt' | 'expiresAt'>,
  ready: boolean,
  nowMs: number,
): Exclude<ParkedReason, 'sweep'> | undefined {
  if (ready) return 'ready';
  if (expiresAt <= nowMs) return 'expired';
  return timeoutAt <= nowMs ? 'timeout' : undefined;
}
