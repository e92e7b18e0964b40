import type { Emitter } from '../emitter.js';
import { duration } from '../mesh/duration.js';
import { notExpressed, type Part } from '../mesh/not-expressed.js';
import { isWanted, meshFile } from '../mesh/planned.js';
import { type MeshPath, type MeshPolicy, type MeshProvider, type MeshRoute, meshProviders } from '../mesh/routes.js';
import { sharedLimits } from '../mesh/shared-limits.js';
import { yamlText } from '../mesh/yaml-text.js';

/**
 * `mesh/linkerd.httproutes.yaml` for Linkerd 2.16 and later, and `mesh/linkerd.serviceprofiles.yaml` with its retry budget for those before. One or the other: while a
 * service has a profile, its routes are not looked at.
 */
export const meshLinkerd: Emitter = {
  name: 'mesh-linkerd',
  summary: 'HTTP routes and service profiles for Linkerd',
  *plan(input) {
    const providers = isWanted(input.model, 'linkerd') ? meshProviders(input) : [];
    if (providers.length === 0) return;
    const missing: readonly Part[] = [
      ...(['failure-rate', 'slow-call', 'bulkhead', 'backoff', 'cache', 'stale', 'rate-limit'] as const),
      'caller-breaker',
    ];
    const routes = [
      ...notExpressed(providers, 'Linkerd', [...missing, 'try-timeout'], retriedByRoute),
      'network is tried again where the proxy of the provider answers 502 because the service behind it takes no connection.',
      'Annotations for the Services, which are yours:',
      ...providers.flatMap(serviceAnnotations),
    ];
    yield meshFile(
      input.model,
      this.name,
      'linkerd.httproutes.yaml',
      yamlText(routes, ...providers.flatMap(httpRoutes)),
    );
    const profiles = [
      ...notExpressed(
        providers,
        'a ServiceProfile of Linkerd',
        [...missing, 'any-try-timeout', 'any-5xx'],
        retriedByProfile,
      ),
      'A profile knows no number of tries; it bounds all of them by retryBudget. The ratio is the default of Linkerd, the contracts have none.',
      'Instead of linkerd.httproutes.yaml, not beside it. Names take the namespace default.',
    ];
    yield meshFile(
      input.model,
      this.name,
      'linkerd.serviceprofiles.yaml',
      yamlText(profiles, ...providers.map(serviceProfile)),
    );
  },
};

function httpRoutes({ host, port, routes }: MeshProvider) {
  const spec = (rule: object) => ({
    parentRefs: [{ group: '', kind: 'Service', name: host, port }],
    rules: [{ ...rule, backendRefs: [{ name: host, port }] }],
  });
  const resource = (name: string, annotations?: object) => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, annotations },
  });
  return [
    ...routes.map((route) => ({
      ...resource(`${host}-${route.name}`, retryAnnotations(route.policy)),
      spec: spec({ matches: [match(route)], timeouts: { request: duration(route.policy.wholeMs) } }),
    })),
    // Once a Service has routes, what fits none of them is answered with 404.
    { ...resource(host), spec: spec({ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }) },
  ];
}

function match({ path, method, userAgent }: MeshRoute) {
  return {
    path: pathMatch(path),
    method,
    headers:
      userAgent === undefined ? undefined : [{ type: 'RegularExpression', name: 'user-agent', value: userAgent }],
  };
}

function pathMatch(path: MeshPath) {
  return 'exact' in path ? { type: 'Exact', value: path.exact } : { type: 'RegularExpression', value: path.regex };
}

function retryAnnotations({ retry, timeoutMs }: MeshPolicy): Readonly<Record<string, string>> | undefined {
  if (retry === undefined) return undefined;
  const statuses = [...retry.on].flatMap((cause) =>
    cause === 'network' ? ['502'] : /^\d{3}$/.test(cause) ? [cause] : [],
  );
  return {
    ...(statuses.length > 0 && { 'retry.linkerd.io/http': [...new Set(statuses)].sort().join(',') }),
    'retry.linkerd.io/limit': String(retry.again),
    ...(retry.on.has('timeout') && { 'retry.linkerd.io/timeout': duration(timeoutMs) }),
  };
}

function retriedByRoute({ retry }: MeshPolicy): ReadonlySet<string> {
  return new Set(retry?.on);
}

function serviceAnnotations({ host, routes }: MeshProvider): readonly string[] {
  const { breaker } = sharedLimits(routes);
  if (breaker === undefined) return [];
  const prefix = 'balancer.linkerd.io/failure-accrual';
  return [
    `  ${host}: {${prefix}: consecutive, ${prefix}-consecutive-max-failures: "${breaker.failures}", ${prefix}-consecutive-min-penalty: ${duration(breaker.openForMs)}, ${prefix}-consecutive-max-penalty: ${duration(breaker.openForMs)}}`,
  ];
}

/** The first route of an operation stands for all of them: a profile cannot tell callers apart. */
function serviceProfile({ host, routes }: MeshProvider) {
  const operations = routes.filter((route, index) => routes.findIndex((other) => isSame(route, other)) === index);
  return {
    apiVersion: 'linkerd.io/v1alpha2',
    kind: 'ServiceProfile',
    metadata: { name: `${host}.default.svc.cluster.local` },
    spec: {
      routes: operations.map(({ name, path, method, policy }) => {
        return {
          name: `${method} ${name}`,
          condition: {
            method,
            pathRegex: 'exact' in path ? path.exact.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : path.regex,
          },
          isRetryable: retriedByProfile(policy).size > 0 ? true : undefined,
          timeout: duration(policy.wholeMs),
        };
      }),
      retryBudget: { retryRatio: 0.2, minRetriesPerSecond: 10, ttl: '10s' },
    },
  };
}

function isSame(a: MeshRoute, b: MeshRoute): boolean {
  return a.method === b.method && JSON.stringify(a.path) === JSON.stringify(b.path);
}

/** Statuses of the provider's own failures only. */
function retriedByProfile({ retry }: MeshPolicy): ReadonlySet<string> {
  return new Set([...(retry?.on ?? [])].filter((cause) => /^5\d\d$/.test(cause)));
}
