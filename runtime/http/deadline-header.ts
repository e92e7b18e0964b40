/**
 * Header that tells a provider when the caller stops waiting: an RFC 3339 instant in UTC with milliseconds. An instant and not a rest of time, so that it can
 * be passed on as it stands; the price is that a clock that is wrong by seconds shortens or lengthens what is left.
 */
export const deadlineHeader = 'x-request-deadline';

/** Longest time that a stranger's header may ask a server to work, in ms. */
const aheadMaxMs = 3_600_000;

export function deadlineText(atMs: number): string {
  return new Date(Math.floor(atMs)).toISOString();
}

/** Ms since the epoch; undefined when the header is absent or no such instant. */
export function readDeadline(text: string | null, nowMs: number): number | undefined {
  if (text === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.min(atMs, nowMs + aheadMaxMs);
}
