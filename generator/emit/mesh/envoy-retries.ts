import type { MeshPolicy } from './routes.js';

/** Conditions of Envoy's `x-envoy-retry-on`, and the statuses beside them. */
export interface EnvoyRetries {
  readonly conditions: readonly string[];
  readonly statuses: readonly number[];
}

/**
 * What a policy tries again, as Envoy says it. `reset` holds for a broken connection and for a try that timed out alike, so it stands only where both are asked for;
 * without timeouts a connection that cannot be made is tried again, one that breaks later is not
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on).
 */
export function envoyRetries({ retry }: MeshPolicy): EnvoyRetries {
  const on = retry?.on ?? new Set<string>();
  return {
    conditions: [
      ...(on.has('network') ? ['connect-failure', 'refused-stream'] : []),
      ...(on.has('network') && on.has('timeout') ? ['reset'] : []),
    ],
    statuses: [...on].filter((cause) => /^\d{3}$/.test(cause)).map(Number),
  };
}

/** Causes of the contract after which Envoy tries again. */
export function envoyRetried(policy: MeshPolicy): ReadonlySet<string> {
  const on = policy.retry?.on ?? new Set<string>();
  return new Set([...on].filter((cause) => cause !== 'timeout' || on.has('network')));
}
