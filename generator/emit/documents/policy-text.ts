import { retryBudget } from '../../model/retry-budget.js';
import type { Policy } from '../../model/types.js';
import { markdownCellCode, markdownText } from '../names.js';
import { nothing } from './document.js';
import { durationText } from './duration-text.js';

/** What a policy lets one call take; `–` where the contract says nothing. */
export function callCells(policy: Policy | undefined) {
  const timeoutMs = policy?.timeoutMs;
  const bounded = policy !== undefined && timeoutMs !== undefined;
  return {
    timeout: bounded ? durationText(timeoutMs) : nothing,
    tries: policy === undefined ? nothing : String(retryBudget(policy).attempts),
    worstCase: bounded ? durationText(worstCaseMs(policy)) : nothing,
  };
}

/** Every try times out and every wait is as long as it can be; the deadline ends it earlier. */
function worstCaseMs(policy: Policy): number {
  return Math.min(retryBudget(policy).totalMs, policy.deadlineMs ?? Number.POSITIVE_INFINITY);
}

/** All numbers of a policy, each in a cell of a table. */
export function policyCells(policy: Policy | undefined) {
  return {
    ...callCells(policy),
    tries: policy === undefined ? nothing : triesText(policy),
    sum: policy?.timeoutMs === undefined ? nothing : sumText(policy, policy.timeoutMs),
    deadline: policy?.deadlineMs === undefined ? nothing : durationText(policy.deadlineMs),
    breaker: policy?.circuitBreaker === undefined ? nothing : breakerText(policy.circuitBreaker),
    bulkhead: policy?.bulkhead === undefined ? nothing : bulkheadText(policy.bulkhead),
    cache: policy?.cache === undefined ? nothing : cacheText(policy.cache),
    fallback: fallbackText(policy?.fallback),
  };
}

function triesText({ retry }: Policy): string {
  if (retry === undefined || retry.attemptsMax <= 1) return '1';
  const on = retry.on.length === 0 ? '' : ` on ${retry.on.map(markdownText).join(', ')}`;
  return `${retry.attemptsMax}${on}`;
}

/** How the worst case comes about: tries that time out, and the waits between them. */
function sumText(policy: Policy, timeoutMs: number): string {
  const { attempts, waitMs } = retryBudget(policy);
  const tries = attempts === 1 ? durationText(timeoutMs) : `${attempts} × ${durationText(timeoutMs)}`;
  return waitMs === 0 ? tries : `${tries} + ${durationText(waitMs)}`;
}

function breakerText(breaker: NonNullable<Policy['circuitBreaker']>): string {
  const { failureThreshold, failureRate, slowCallMs, openForMs } = breaker;
  const causes = [
    ...(failureThreshold === undefined ? [] : [`after ${failureThreshold} failures`]),
    ...(failureRate === undefined ? [] : [`at ${Math.round(failureRate * 100)} % failures`]),
    ...(slowCallMs === undefined ? [] : [`slow from ${durationText(slowCallMs)}`]),
  ];
  return ['opens', ...causes, `for ${durationText(openForMs)}`].join(' ');
}

function bulkheadText({ concurrentMax, queueMax }: NonNullable<Policy['bulkhead']>): string {
  return `${concurrentMax} at once, ${queueMax} queued`;
}

function cacheText({ ttlMs, staleIfErrorMs }: NonNullable<Policy['cache']>): string {
  const fresh = durationText(ttlMs);
  return staleIfErrorMs === undefined ? fresh : `${fresh}, ${durationText(staleIfErrorMs)} when the call fails`;
}

function fallbackText(fallback: Policy['fallback']): string {
  if (fallback === undefined) return nothing;
  return typeof fallback === 'string' ? fallback : markdownCellCode(JSON.stringify(fallback.value));
}
