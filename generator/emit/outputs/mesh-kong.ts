import type { Emitter } from '../emitter.js';
import { notExpressed, type Part } from '../mesh/not-expressed.js';
import { isWanted, meshFile } from '../mesh/planned.js';
import { type MeshPath, type MeshPolicy, type MeshProvider, type MeshRoute, meshProviders } from '../mesh/routes.js';
import { sharedLimits } from '../mesh/shared-limits.js';
import { yamlText } from '../mesh/yaml-text.js';

/**
 * `mesh/kong.yaml`, for `deck gateway sync` or `declarative_config`: services with timeouts, routes with plugins, upstreams with health checks. Kong stands in front, so
 * calls of frontends are in it, too.
 */
export const meshKong: Emitter = {
  name: 'mesh-kong',
  summary: 'services, routes, upstreams and plugins for Kong',
  *plan(input) {
    const providers = isWanted(input.model, 'kong') ? meshProviders(input, { frontends: true }) : [];
    if (providers.length === 0) return;
    const missing: readonly Part[] = [
      ...(['failure-rate', 'slow-call', 'caller-breaker', 'bulkhead', 'backoff', 'stale', 'deadline'] as const),
    ];
    const comments = [
      ...notExpressed(providers, 'Kong', missing, retried, rateNotes(providers)),
      'Timeouts bound the wait for each part of an answer, not for all of it. After circuit_breaker an instance is probed by /health every open_for.',
    ];
    const services = providers.flatMap(kongServices);
    const file = {
      _format_version: '3.0',
      plugins: [
        {
          name: 'correlation-id',
          config: { header_name: 'X-Correlation-ID', generator: 'uuid', echo_downstream: true },
        },
      ],
      services,
      upstreams: providers.map(upstream),
    };
    // One document, and Kong wants no marker before it.
    yield meshFile(input.model, this.name, 'kong.yaml', yamlText(comments, file));
  },
};

/** Kong keeps timeouts and tries with a service, so that routes with others need a service of their own. */
function kongServices({ host, port, routes }: MeshProvider) {
  const groups = new Map<string, MeshRoute[]>();
  for (const route of routes) {
    const key = JSON.stringify([route.policy.timeoutMs, retriesOf(route.policy)]);
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [MeshRoute];
    const timeout = Math.max(Math.ceil(first.policy.timeoutMs), 1);
    return {
      name: groups.size === 1 ? host : `${host}-${first.name}`,
      host: upstreamOf(host),
      port,
      protocol: 'http',
      connect_timeout: timeout,
      write_timeout: timeout,
      read_timeout: timeout,
      retries: retriesOf(first.policy),
      routes: group.map((route) => kongRoute(host, route)),
    };
  });
}

function kongRoute(host: string, route: MeshRoute) {
  const { name, method, path, userAgent, policy } = route;
  const plugins = [...rateLimiting(policy), ...proxyCache(method, policy)];
  return {
    name: `${host}-${name}`,
    methods: [method],
    // A plain path would fit whatever begins with it.
    paths: [`~${regexOf(path)}$`],
    strip_path: false,
    headers: userAgent === undefined ? undefined : { 'user-agent': [`~*^${userAgent}$`] },
    plugins: plugins.length === 0 ? undefined : plugins,
  };
}

function regexOf(path: MeshPath): string {
  return 'exact' in path ? path.exact.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : path.regex;
}

/** Kong tries again after broken connections and timeouts alike, and after no status at all. */
function retried({ retry }: MeshPolicy): ReadonlySet<string> {
  const on = retry?.on ?? new Set<string>();
  return new Set(on.has('network') && on.has('timeout') ? ['network', 'timeout'] : []);
}

function retriesOf(policy: MeshPolicy): number {
  return retried(policy).size > 0 ? (policy.retry?.again ?? 0) : 0;
}

/** Windows of the plugin. */
const windows: Readonly<Record<number, string>> = {
  1000: 'second',
  60000: 'minute',
  3600000: 'hour',
  86400000: 'day',
};

function rateLimiting({ rateLimit }: MeshPolicy): readonly object[] {
  const window = rateLimit && windows[rateLimit.perMs];
  if (rateLimit === undefined || window === undefined) return [];
  const { requests, by } = rateLimit;
  const counted =
    by === undefined
      ? { limit_by: 'service' }
      : by === 'caller'
        ? { limit_by: 'consumer' }
        : { limit_by: 'header', header_name: by };
  return [{ name: 'rate-limiting', config: { [window]: requests, policy: 'local', ...counted } }];
}

function rateNotes(providers: readonly MeshProvider[]): readonly string[] {
  return providers.flatMap(({ host, routes }) =>
    routes.flatMap(({ name, policy: { rateLimit } }) =>
      rateLimit === undefined || windows[rateLimit.perMs] !== undefined
        ? []
        : [`rate_limit of ${host} ${name}: Kong counts per second, minute, hour or day only`],
    ),
  );
}

/** Whoever asks is part of the question, as in clients. */
function proxyCache(method: string, { cache }: MeshPolicy): readonly object[] {
  const seconds = Math.floor((cache?.ttlMs ?? 0) / 1000);
  if (seconds < 1 || method !== 'GET') return [];
  return [
    {
      name: 'proxy-cache',
      config: {
        strategy: 'memory',
        request_method: ['GET'],
        response_code: [200],
        content_type: ['application/json'],
        cache_ttl: seconds,
        vary_headers: ['authorization'],
      },
    },
  ];
}

function upstream({ host, port, routes }: MeshProvider) {
  const { breaker, timeoutMs } = sharedLimits(routes);
  return {
    name: upstreamOf(host),
    targets: [{ target: `${host}:${port}`, weight: 100 }],
    healthchecks: breaker && {
      active: {
        type: 'http',
        http_path: '/health',
        timeout: Math.max(Math.ceil(timeoutMs / 1000), 1),
        // Nobody is probed while calls go well.
        healthy: { interval: 0, successes: 1 },
        unhealthy: {
          interval: Math.max(Math.ceil(breaker.openForMs / 1000), 1),
          http_failures: 1,
          tcp_failures: 1,
          timeouts: 1,
        },
      },
      passive: {
        type: 'http',
        healthy: { successes: 1 },
        unhealthy: {
          http_failures: breaker.failures,
          tcp_failures: breaker.failures,
          timeouts: breaker.failures,
          http_statuses: [500, 502, 503, 504],
        },
      },
    },
  };
}

/** A name that is no address: Kong looks among its upstreams first. */
function upstreamOf(host: string): string {
  return `${host}.upstream`;
}
