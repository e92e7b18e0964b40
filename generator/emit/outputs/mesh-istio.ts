import type { Emitter } from '../emitter.js';
import { duration } from '../mesh/duration.js';
import { envoyRetried, envoyRetries } from '../mesh/envoy-retries.js';
import { notExpressed } from '../mesh/not-expressed.js';
import { isWanted, meshFile } from '../mesh/planned.js';
import { type MeshProvider, type MeshRoute, meshProviders } from '../mesh/routes.js';
import { byCaller, sharedLimits } from '../mesh/shared-limits.js';
import { yamlText } from '../mesh/yaml-text.js';

/**
 * `mesh/istio.yaml`: a VirtualService per provider, and a DestinationRule per caller and provider, since Istio keeps limits and ejection per destination. Callers are
 * told apart by the label `app` of their workloads.
 */
export const meshIstio: Emitter = {
  name: 'mesh-istio',
  summary: 'virtual services and destination rules for Istio',
  *plan(input) {
    const providers = isWanted(input.model, 'istio') ? meshProviders(input) : [];
    if (providers.length === 0) return;
    const missing = [
      ...(['failure-rate', 'slow-call', 'probes', 'route-bulkhead', 'rate-limit'] as const),
      ...(['late-reset', 'cache', 'stale'] as const),
    ];
    const comments = [
      ...notExpressed(providers, 'Istio', missing, envoyRetried),
      'Workloads carry the name of their service in the label app. retries.backoff needs Istio 1.26; older ones ignore it.',
    ];
    const documents = providers.flatMap((provider) => [virtualService(provider), ...destinationRules(provider)]);
    yield meshFile(input.model, this.name, 'istio.yaml', yamlText(comments, ...documents));
  },
};

function virtualService({ host, routes }: MeshProvider) {
  const destination = [{ destination: { host } }];
  return {
    ...resource('VirtualService', host),
    spec: {
      hosts: [host],
      http: [
        ...routes.map((route) => ({
          name: route.name,
          match: route.callers.map((caller) => ({
            uri: route.path,
            method: { exact: route.method },
            sourceLabels: { app: caller },
          })),
          route: destination,
          timeout: duration(route.policy.wholeMs),
          retries: retries(route),
        })),
        // Istio tries twice again unless told otherwise, and answers 404 where no route fits.
        { name: 'other', route: destination, retries: { attempts: 0 } },
      ],
    },
  };
}

function retries({ policy }: MeshRoute) {
  const { conditions, statuses } = envoyRetries(policy);
  const on = [...conditions, ...statuses].join(',');
  if (policy.retry === undefined || on === '') return { attempts: 0 };
  return {
    attempts: policy.retry.again,
    perTryTimeout: duration(policy.timeoutMs),
    backoff: duration(Math.max(policy.retry.initialMs, 2)),
    retryOn: on,
  };
}

function destinationRules({ host, routes }: MeshProvider) {
  return byCaller(routes).flatMap(([caller, own]) => {
    const { bulkhead, breaker, timeoutMs } = sharedLimits(own);
    return [
      {
        ...resource('DestinationRule', `${host}-from-${caller}`),
        spec: {
          host,
          workloadSelector: { matchLabels: { app: caller } },
          trafficPolicy: {
            connectionPool: {
              tcp: { connectTimeout: duration(timeoutMs), maxConnections: bulkhead?.concurrentMax },
              http: bulkhead && {
                // 0 would mean no bound at all.
                http1MaxPendingRequests: Math.max(bulkhead.queueMax, 1),
                http2MaxRequests: bulkhead.concurrentMax,
              },
            },
            outlierDetection: breaker && {
              consecutive5xxErrors: breaker.failures,
              consecutiveGatewayErrors: breaker.failures,
              interval: '1s',
              baseEjectionTime: duration(breaker.openForMs),
              maxEjectionPercent: 100,
            },
          },
        },
      },
    ];
  });
}

function resource(kind: string, name: string) {
  return { apiVersion: 'networking.istio.io/v1', kind, metadata: { name } };
}
