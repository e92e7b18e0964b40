import { retryBudget } from '../../model/retry-budget.js';
import type { Policy } from '../../model/types.js';
import { markdownCellCode, markdownText } from '../names.js';
import { nothing } from './document.js';
import { durationText } from './duration-text.js';

/** The numbers of a policy in cells of a table; everything is `–` where the contract says nothing. */
export function policyCells(policy: Policy | undefined) {
  const breaker = policy?.circuitBreaker;
  const threshold = breaker?.failureThreshold === undefined ? undefined : `${breaker.failureThreshold} failures`;
  const rate = breaker?.failureRate === undefined ? undefined : `${Math.round(breaker.failureRate * 100)} % failures`;
  const opens = threshold ?? rate;
  return {
    timeout: policy?.timeoutMs === undefined ? nothing : durationText(policy.timeoutMs),
    tries: policy === undefined ? nothing : triesText(policy),
    worstCase: policy?.timeoutMs === undefined ? nothing : worstCaseText(policy),
    deadline: policy?.deadlineMs === undefined ? nothing : durationText(policy.deadlineMs),
    breaker:
      breaker === undefined
        ? nothing
        : `opens${opens === undefined ? '' : ` after ${opens}`} for ${durationText(breaker.openForMs)}`,
    bulkhead:
      policy?.bulkhead === undefined
        ? nothing
        : `${policy.bulkhead.concurrentMax} at once, ${policy.bulkhead.queueMax} queued`,
    cache:
      policy?.cache === undefined
        ? nothing
        : [
            durationText(policy.cache.ttlMs),
            ...(policy.cache.staleIfErrorMs === undefined
              ? []
              : [`${durationText(policy.cache.staleIfErrorMs)} when it fails`]),
          ].join(', '),
    fallback: fallbackText(policy?.fallback),
  };
}

function triesText({ retry }: Policy): string {
  if (retry === undefined || retry.attemptsMax <= 1) return '1';
  const on = retry.on.length === 0 ? '' : ` on ${retry.on.map(markdownText).join(', ')}`;
  return `${retry.attemptsMax}${on}`;
}

/** Every try times out and every wait is as long as it can be; the deadline ends it earlier. */
function worstCaseText(policy: Policy): string {
  const { attempts, waitMs, totalMs } = retryBudget(policy);
  const { deadlineMs, timeoutMs = 0 } = policy;
  const sum =
    attempts === 1
      ? durationText(totalMs)
      : `${durationText(totalMs)} (${attempts} × ${durationText(timeoutMs)} + ${durationText(waitMs)})`;
  return deadlineMs !== undefined && deadlineMs < totalMs ? `${durationText(deadlineMs)}, cut from ${sum}` : sum;
}

function fallbackText(fallback: Policy['fallback']): string {
  if (fallback === undefined) return nothing;
  return typeof fallback === 'string' ? fallback : markdownCellCode(JSON.stringify(fallback.value));
}
