import type { Emitter } from '../emitter.js';
import { duration } from '../mesh/duration.js';
import { envoyRetried, envoyRetries } from '../mesh/envoy-retries.js';
import { notExpressed, type Part } from '../mesh/not-expressed.js';
import { isWanted, meshFile } from '../mesh/planned.js';
import { type MeshPath, type MeshProvider, type MeshRoute, meshProviders } from '../mesh/routes.js';
import { byCaller, sharedLimits } from '../mesh/shared-limits.js';
import { yamlText } from '../mesh/yaml-text.js';

/**
 * `mesh/consul.yaml`: who may call which operation (ServiceIntentions), how long and how often (ServiceRouter, ServiceResolver), and how many at a time
 * (ServiceDefaults of the caller).
 */
export const meshConsul: Emitter = {
  name: 'mesh-consul',
  summary: 'intentions, routers, resolvers and defaults for Consul',
  *plan(input) {
    const providers = isWanted(input.model, 'consul') ? meshProviders(input) : [];
    if (providers.length === 0) return;
    const missing: readonly Part[] = [
      ...([
        'failure-rate',
        'slow-call',
        'probes',
        'route-bulkhead',
        'backoff',
        'cache',
        'stale',
        'rate-limit',
      ] as const),
      'any-try-timeout',
      'late-reset',
    ];
    const comments = [
      ...notExpressed(providers, 'Consul', missing, envoyRetried),
      'Intentions allow what the contracts name and deny the rest. Calls from outside, such as those of a frontend, come in through a gateway and need an intention for it.',
    ];
    const documents = [
      ...defaults(providers),
      ...providers.flatMap((provider) => [resolver(provider), router(provider), intentions(provider)]),
    ];
    yield meshFile(input.model, this.name, 'consul.yaml', yamlText(comments, ...documents));
  },
};

/** Of every service that calls or is called: routers and permissions need to know that it speaks HTTP. */
function defaults(providers: readonly MeshProvider[]) {
  const hosts = new Set(providers.flatMap(({ host, routes }) => [host, ...routes.flatMap(({ callers }) => callers)]));
  return [...hosts].sort().map((host) => {
    const overrides = providers.flatMap((provider) =>
      byCaller(provider.routes).flatMap(([caller, routes]) =>
        caller === host ? [upstream(provider.host, routes)] : [],
      ),
    );
    return {
      ...resource('ServiceDefaults', host),
      spec: { protocol: 'http', upstreamConfig: overrides.length === 0 ? undefined : { overrides } },
    };
  });
}

function upstream(name: string, routes: readonly MeshRoute[]) {
  const { bulkhead, breaker, timeoutMs } = sharedLimits(routes);
  return {
    name,
    connectTimeoutMs: timeoutMs,
    limits: bulkhead && {
      maxConnections: bulkhead.concurrentMax,
      maxPendingRequests: Math.max(bulkhead.queueMax, 1),
      maxConcurrentRequests: bulkhead.concurrentMax,
    },
    passiveHealthCheck: breaker && {
      interval: '1s',
      maxFailures: breaker.failures,
      enforcingConsecutive5xx: 100,
      maxEjectionPercent: 100,
      baseEjectionTime: duration(breaker.openForMs),
    },
  };
}

function resolver({ host, routes }: MeshProvider) {
  const longestMs = Math.max(...routes.map(({ policy }) => policy.wholeMs));
  const { timeoutMs } = sharedLimits(routes);
  return {
    ...resource('ServiceResolver', host),
    spec: { connectTimeout: duration(timeoutMs), requestTimeout: duration(longestMs) },
  };
}

function router({ host, routes }: MeshProvider) {
  return {
    ...resource('ServiceRouter', host),
    spec: {
      routes: routes.map(({ path, method, userAgent, policy }) => {
        const { conditions, statuses } = envoyRetries(policy);
        return {
          match: {
            http: {
              ...pathMatch(path),
              methods: [method],
              header: userAgent === undefined ? undefined : [{ name: 'user-agent', regex: userAgent }],
            },
          },
          destination: {
            service: host,
            requestTimeout: duration(policy.wholeMs),
            ...(policy.retry !== undefined &&
              conditions.length + statuses.length > 0 && {
                numRetries: policy.retry.again,
                retryOn: conditions.length === 0 ? undefined : conditions,
                retryOnStatusCodes: statuses.length === 0 ? undefined : statuses,
              }),
          },
        };
      }),
    },
  };
}

function intentions({ host, routes }: MeshProvider) {
  return {
    ...resource('ServiceIntentions', host),
    spec: {
      destination: { name: host },
      sources: [
        ...byCaller(routes).map(([name, own]) => ({
          name,
          permissions: own.map(({ path, method }) => ({
            action: 'allow',
            http: { ...pathMatch(path), methods: [method] },
          })),
        })),
        { name: '*', action: 'deny' },
      ],
    },
  };
}

function pathMatch(path: MeshPath) {
  return 'exact' in path ? { pathExact: path.exact } : { pathRegex: path.regex };
}

function resource(kind: string, name: string) {
  return { apiVersion: 'consul.hashicorp.com/v1alpha1', kind, metadata: { name } };
}
