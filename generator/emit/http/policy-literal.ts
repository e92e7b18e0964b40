import type { Policy } from '../../model/types.js';
import { jsonLiteral, stringLiteral } from '../names.js';

/** Waits when no policy of the contract says how long a call may take. */
const timeoutDefaultMs = 10_000;

/** A policy as the runtime's `CallPolicy`, in TypeScript on one line. Without a policy a call has a timeout and one try. */
export function policyLiteral(policy: Policy | undefined): string {
  if (policy === undefined) return `{ timeoutMs: ${timeoutDefaultMs} }`;
  const { timeoutMs, deadlineMs, retry, circuitBreaker, bulkhead, rateLimit, cache, fallback } = policy;
  return members({
    timeoutMs: number(timeoutMs ?? deadlineMs ?? timeoutDefaultMs),
    deadlineMs: number(deadlineMs),
    retry:
      retry === undefined || retry.attemptsMax <= 1
        ? undefined
        : members({
            attemptsMax: number(retry.attemptsMax),
            backoff: stringLiteral(retry.backoff),
            initialMs: number(retry.initialMs),
            maxMs: number(retry.maxMs),
            jitter: stringLiteral(retry.jitter),
            on: `[${retry.on.map(stringLiteral).join(', ')}]`,
          }),
    circuitBreaker: circuitBreaker && members(numbers(circuitBreaker)),
    bulkhead: bulkhead && members(numbers(bulkhead)),
    rateLimit: rateLimit && members({ requests: number(rateLimit.requests), perMs: number(rateLimit.perMs) }),
    cache: cache && members(numbers(cache)),
    fallback: fallback === undefined ? undefined : fallbackLiteral(fallback),
  });
}

/** Whether a call under this policy may give null although its provider never answers so. */
export function fallsBackToNull(policy: Policy | undefined): boolean {
  return policy?.fallback === 'none' || policy?.fallback === 'skip' || policy?.fallback === 'default';
}

function fallbackLiteral(fallback: NonNullable<Policy['fallback']>): string {
  return typeof fallback === 'string' ? stringLiteral(fallback) : `{ value: ${jsonLiteral(fallback.value)} }`;
}

function number(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function numbers(values: Readonly<Record<string, number | undefined>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, number(value)]));
}

function members(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${text}`]));
  return `{ ${given.join(', ')} }`;
}
