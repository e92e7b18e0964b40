import type { MeshPolicy, MeshProvider } from './routes.js';

/** A part of a policy that a mesh may have no word for. */
export type Part =
  | 'failure-rate'
  | 'slow-call'
  | 'probes'
  | 'bulkhead'
  | 'route-bulkhead'
  | 'caller-bulkhead'
  | 'caller-breaker'
  | 'backoff'
  | 'cache'
  | 'stale'
  | 'rate-limit'
  | 'try-timeout'
  | 'any-try-timeout'
  | 'late-reset'
  | 'any-5xx'
  | 'deadline';

/**
 * What the contracts promise and a file does not, as lines for its head. `missing` are the parts that this mesh has no word for; those that no policy uses are left
 * out. `more` are lines of its own. What only a client can do always stands there.
 */
export function notExpressed(
  providers: readonly MeshProvider[],
  mesh: string,
  missing: readonly Part[],
  retried: (policy: MeshPolicy) => ReadonlySet<string>,
  more: readonly string[] = [],
): readonly string[] {
  const policies = providers.flatMap(({ routes }) => routes.map(({ policy }) => policy));
  const parts = missing.filter((part) => policies.some((policy) => inUse[part](policy)));
  return [
    `From the policies of the contracts, as far as ${mesh} has words for them. Not in this file:`,
    ...parts.map((part) => `- ${sentences[part]}`),
    ...providers.flatMap((provider) => notRetried(provider, retried)),
    ...more.map((line) => `- ${line}`),
    ...(policies.some(({ fallback }) => fallback !== undefined && fallback !== 'fail') ? [`- ${fallback}`] : []),
    '- idempotency keys, X-Request-Deadline, correlation ids and service tokens: a caller makes them, a proxy only passes them on',
    'Clients that are generated from these contracts do all of it by themselves, retries included. Do not let both try again: their tries multiply.',
  ];
}

/** Causes of the contract after which this mesh does not try again: where it only has a word for more than was asked for, it is not used. */
function notRetried(
  { host, routes }: MeshProvider,
  retried: (policy: MeshPolicy) => ReadonlySet<string>,
): readonly string[] {
  return routes.flatMap(({ name, policy }) => {
    const done = retried(policy);
    const left = [...(policy.retry?.on ?? [])].filter((cause) => !done.has(cause));
    return left.length === 0 ? [] : [`- retry.on of ${host} ${name}: ${left.join(', ')} is not tried again`];
  });
}

const inUse: Readonly<Record<Part, (policy: MeshPolicy) => boolean>> = {
  'failure-rate': ({ circuitBreaker }) => circuitBreaker?.failureRate !== undefined,
  'slow-call': ({ circuitBreaker }) => circuitBreaker?.slowCallMs !== undefined,
  probes: ({ circuitBreaker }) => circuitBreaker !== undefined,
  bulkhead: ({ bulkhead }) => bulkhead !== undefined,
  'route-bulkhead': ({ bulkhead }) => bulkhead !== undefined,
  'caller-bulkhead': ({ bulkhead }) => bulkhead !== undefined,
  'caller-breaker': ({ circuitBreaker }) => circuitBreaker?.failureThreshold !== undefined,
  backoff: ({ retry }) => retry !== undefined,
  cache: ({ cache }) => cache !== undefined,
  stale: ({ cache }) => cache?.staleIfErrorMs !== undefined,
  'rate-limit': ({ rateLimit }) => rateLimit !== undefined,
  'try-timeout': ({ retry }) => retry !== undefined && !retry.on.has('timeout'),
  'any-try-timeout': ({ retry }) => retry !== undefined,
  'late-reset': ({ retry }) => retry?.on.has('network') === true && !retry.on.has('timeout'),
  'any-5xx': ({ retry }) => [...(retry?.on ?? [])].some((cause) => /^5\d\d$/.test(cause)),
  deadline: ({ deadlineMs, retry }) => deadlineMs !== undefined && retry !== undefined,
};

const sentences: Readonly<Record<Part, string>> = {
  'failure-rate': 'circuit_breaker.failure_rate: failures are counted in a row only',
  'slow-call': 'circuit_breaker.slow_call: a slow answer is a good one until it times out',
  probes: 'circuit_breaker.half_open_max_calls: after open_for an instance has all of its traffic again',
  'route-bulkhead':
    'bulkhead and circuit_breaker of a route: those of a caller share the sum of the limits and the most careful breaker, so a slow one can starve another',
  bulkhead: 'bulkhead: calls at a time are not bounded',
  'caller-bulkhead': 'bulkhead: all callers of a provider share one limit, the sum of theirs',
  'caller-breaker':
    'circuit_breaker: all callers share the breaker, with the fewest failures and the longest pause that one of them asks for',
  backoff: 'backoff and jitter of retries: the proxy waits as it likes',
  cache: 'cache: nothing is kept',
  stale: 'cache.stale_if_error: an old answer is not given when a call fails',
  'rate-limit': 'rate_limit: this proxy counts per instance of the provider, not per caller',
  'try-timeout': 'timeout of one try where retry.on has no timeout: here a try that times out would be tried again',
  'any-try-timeout': 'timeout of one try: only all tries together have a limit',
  'late-reset':
    'retry.on network where there is no timeout beside it: a connection that breaks after the request went out is not tried again, because a timeout would be, too',
  'any-5xx': 'retry.on by status: with one 5xx among them, every 5xx is tried again',
  deadline: 'deadline: only each try has a limit',
};

const fallback = 'fallback: the caller gets the error';
