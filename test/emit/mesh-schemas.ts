/**
 * What Istio, Linkerd, Consul, App Mesh and Kong take, as far as the generator writes it: every field that it may use, with its type, and nothing else. Written for
 * these tests from the references of the products:
 *
 * - https://istio.io/latest/docs/reference/config/networking/virtual-service/ and destination-rule/
 * - https://gateway-api.sigs.k8s.io/reference/spec/, https://linkerd.io/2/reference/retries/, https://linkerd.io/2/reference/service-profiles/
 * - https://developer.hashicorp.com/consul/docs/reference/config-entry/
 * - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_AppMesh.html
 * - https://developer.konghq.com/gateway/entities/, https://developer.konghq.com/deck/
 */

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string', minLength: 1 };
const truth: Schema = { type: 'boolean' };
const positive: Schema = { type: 'integer', minimum: 1 };
const natural: Schema = { type: 'integer', minimum: 0 };
const status: Schema = { type: 'integer', minimum: 100, maximum: 599 };
const label: Schema = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' };
const path: Schema = { type: 'string', pattern: '^/' };
const method: Schema = { enum: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT'] };
/** GEP-2257, which Go and Istio take, too. */
const duration: Schema = { type: 'string', pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' };

function list(items: Schema): Schema {
  return { type: 'array', minItems: 1, items };
}

/** An object with these members; names that end in `?` may be absent. */
function object(members: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema] as const);
  return {
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    required: Object.keys(members).filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(entries),
  };
}

function map(values: Schema, keys: Schema = text): Schema {
  return { type: 'object', minProperties: 1, propertyNames: keys, additionalProperties: values };
}

/** Exactly one of these members. */
function either(members: Readonly<Record<string, Schema>>): Schema {
  return { oneOf: Object.entries(members).map(([name, schema]) => object({ [name]: schema })) };
}

function resource(apiVersion: string, kind: string, spec: Schema, annotations?: Schema): Schema {
  return object({
    apiVersion: { const: apiVersion },
    kind: { const: kind },
    metadata: object({ name: text, ...(annotations && { 'annotations?': annotations }) }),
    spec,
  });
}

// ---- Istio ----

const istioRetries: Schema = {
  oneOf: [
    object({ attempts: { const: 0 } }),
    object({
      attempts: positive,
      perTryTimeout: duration,
      backoff: duration,
      retryOn: {
        type: 'string',
        pattern:
          '^(connect-failure|refused-stream|reset|[1-5]\\d\\d)(,(connect-failure|refused-stream|reset|[1-5]\\d\\d))*$',
      },
    }),
  ],
};

const virtualService = resource(
  'networking.istio.io/v1',
  'VirtualService',
  object({
    hosts: list(label),
    http: list(
      object({
        name: text,
        'match?': list(
          object({
            uri: either({ exact: path, regex: path }),
            method: either({ exact: method }),
            sourceLabels: map(text),
          }),
        ),
        route: list(object({ destination: object({ host: label }) })),
        'timeout?': duration,
        retries: istioRetries,
      }),
    ),
  }),
);

const destinationRule = resource(
  'networking.istio.io/v1',
  'DestinationRule',
  object({
    host: label,
    workloadSelector: object({ matchLabels: map(text) }),
    trafficPolicy: object({
      connectionPool: object({
        tcp: object({ connectTimeout: duration, 'maxConnections?': positive }),
        'http?': object({ http1MaxPendingRequests: positive, http2MaxRequests: positive }),
      }),
      'outlierDetection?': object({
        consecutive5xxErrors: positive,
        consecutiveGatewayErrors: positive,
        interval: duration,
        baseEjectionTime: duration,
        maxEjectionPercent: { type: 'integer', minimum: 0, maximum: 100 },
      }),
    }),
  }),
);

// ---- Linkerd ----

const httpRoute = resource(
  'gateway.networking.k8s.io/v1',
  'HTTPRoute',
  object({
    parentRefs: list(object({ group: { const: '' }, kind: { const: 'Service' }, name: label, port: positive })),
    rules: list(
      object({
        matches: list(
          object({
            path: object({ type: { enum: ['Exact', 'PathPrefix', 'RegularExpression'] }, value: path }),
            'method?': method,
            'headers?': list(object({ type: { const: 'RegularExpression' }, name: text, value: text })),
          }),
        ),
        'timeouts?': object({ request: duration }),
        backendRefs: list(object({ name: label, port: positive })),
      }),
    ),
  }),
  object({
    'retry.linkerd.io/http?': { type: 'string', pattern: '^[1-5]\\d\\d(,[1-5]\\d\\d)*$' },
    'retry.linkerd.io/limit': { type: 'string', pattern: '^[1-9]\\d*$' },
    'retry.linkerd.io/timeout?': duration,
  }),
);

const serviceProfile = resource(
  'linkerd.io/v1alpha2',
  'ServiceProfile',
  object({
    routes: list(
      object({
        name: text,
        condition: object({ method, pathRegex: path }),
        'isRetryable?': truth,
        timeout: duration,
      }),
    ),
    retryBudget: object({
      retryRatio: { type: 'number', exclusiveMinimum: 0 },
      minRetriesPerSecond: natural,
      ttl: duration,
    }),
  }),
);

// ---- Consul ----

const consul = 'consul.hashicorp.com/v1alpha1';
const consulPath = { 'pathExact?': path, 'pathRegex?': path, methods: list(method) };

const serviceDefaults = resource(
  consul,
  'ServiceDefaults',
  object({
    protocol: { const: 'http' },
    'upstreamConfig?': object({
      overrides: list(
        object({
          name: label,
          connectTimeoutMs: positive,
          'limits?': object({
            maxConnections: positive,
            maxPendingRequests: positive,
            maxConcurrentRequests: positive,
          }),
          'passiveHealthCheck?': object({
            interval: duration,
            maxFailures: positive,
            enforcingConsecutive5xx: { type: 'integer', minimum: 0, maximum: 100 },
            maxEjectionPercent: { type: 'integer', minimum: 0, maximum: 100 },
            baseEjectionTime: duration,
          }),
        }),
      ),
    }),
  }),
);

const serviceResolver = resource(
  consul,
  'ServiceResolver',
  object({ connectTimeout: duration, requestTimeout: duration }),
);

const serviceRouter = resource(
  consul,
  'ServiceRouter',
  object({
    routes: list(
      object({
        match: object({ http: object({ ...consulPath, 'header?': list(object({ name: text, regex: text })) }) }),
        destination: object({
          service: label,
          requestTimeout: duration,
          'numRetries?': positive,
          'retryOn?': list({ enum: ['connect-failure', 'refused-stream', 'reset'] }),
          'retryOnStatusCodes?': list(status),
        }),
      }),
    ),
  }),
);

const serviceIntentions = resource(
  consul,
  'ServiceIntentions',
  object({
    destination: object({ name: label }),
    sources: list({
      oneOf: [
        object({ name: { const: '*' }, action: { const: 'deny' } }),
        object({
          name: label,
          permissions: list(object({ action: { const: 'allow' }, http: object(consulPath) })),
        }),
      ],
    }),
  }),
);

// ---- AWS App Mesh ----

const attribute: Schema = object({ 'Fn::GetAtt': { type: 'array', minItems: 2, maxItems: 2, items: text } });
const substituted: Schema = object({ 'Fn::Sub': text });
const span: Schema = object({ Unit: { enum: ['s', 'ms'] }, Value: positive });
const portMapping: Schema = object({
  Port: { type: 'integer', minimum: 1, maximum: 65535 },
  Protocol: { enum: ['tcp', 'http', 'http2', 'grpc'] },
});

function cloudFormation(type: string, properties: Readonly<Record<string, Schema>>): Schema {
  return object({
    Type: { const: type },
    Properties: object({ MeshName: object({ Ref: { const: 'MeshName' } }), ...properties }),
  });
}

const virtualNode = cloudFormation('AWS::AppMesh::VirtualNode', {
  VirtualNodeName: label,
  Spec: object({
    ServiceDiscovery: object({ DNS: object({ Hostname: substituted }) }),
    'Backends?': list(object({ VirtualService: object({ VirtualServiceName: attribute }) })),
    'Listeners?': list(
      object({
        PortMapping: portMapping,
        Timeout: object({ HTTP: object({ PerRequest: span }) }),
        'ConnectionPool?': object({ HTTP: object({ MaxConnections: positive, MaxPendingRequests: positive }) }),
        'OutlierDetection?': object({
          MaxServerErrors: positive,
          Interval: span,
          BaseEjectionDuration: span,
          MaxEjectionPercent: { type: 'integer', minimum: 0, maximum: 100 },
        }),
      }),
    ),
  }),
});

const appMeshRoute = cloudFormation('AWS::AppMesh::Route', {
  VirtualRouterName: attribute,
  RouteName: text,
  Spec: object({
    Priority: { type: 'integer', minimum: 0, maximum: 1000 },
    HttpRoute: object({
      Match: object({
        'Prefix?': path,
        'Path?': either({ Exact: path, Regex: path }),
        'Method?': method,
        'Headers?': list(object({ Name: text, Match: object({ Regex: text }) })),
      }),
      Action: object({ WeightedTargets: list(object({ VirtualNode: attribute, Weight: positive })) }),
      'Timeout?': object({ PerRequest: span }),
      'RetryPolicy?': object({
        MaxRetries: positive,
        PerRetryTimeout: span,
        HttpRetryEvents: list({ enum: ['server-error', 'gateway-error', 'client-error', 'stream-error'] }),
        'TcpRetryEvents?': list({ enum: ['connection-error'] }),
      }),
    }),
  }),
});

const appMesh: Schema = object({
  AWSTemplateFormatVersion: { const: '2010-09-09' },
  Description: text,
  Metadata: object({ Notes: list(text) }),
  Parameters: map(object({ Type: { const: 'String' }, Description: text })),
  Resources: map(
    {
      oneOf: [
        virtualNode,
        appMeshRoute,
        cloudFormation('AWS::AppMesh::VirtualRouter', {
          VirtualRouterName: label,
          Spec: object({ Listeners: list(object({ PortMapping: portMapping })) }),
        }),
        cloudFormation('AWS::AppMesh::VirtualService', {
          VirtualServiceName: substituted,
          Spec: object({ Provider: object({ VirtualRouter: object({ VirtualRouterName: attribute }) }) }),
        }),
      ],
    },
    { pattern: '^[A-Za-z0-9]+$' },
  ),
});

// ---- Kong ----

const milliseconds: Schema = { type: 'integer', minimum: 1, maximum: 2_147_483_646 };
const counter: Schema = { type: 'integer', minimum: 0, maximum: 255 };

const rateLimiting: Schema = object({
  name: { const: 'rate-limiting' },
  config: object({
    'second?': positive,
    'minute?': positive,
    'hour?': positive,
    'day?': positive,
    policy: { enum: ['local', 'cluster', 'redis'] },
    limit_by: { enum: ['consumer', 'credential', 'ip', 'service', 'header', 'path', 'consumer-group'] },
    'header_name?': text,
  }),
});

const proxyCache: Schema = object({
  name: { const: 'proxy-cache' },
  config: object({
    strategy: { const: 'memory' },
    request_method: list({ enum: ['HEAD', 'GET', 'POST', 'PATCH', 'PUT'] }),
    response_code: list(status),
    content_type: list(text),
    cache_ttl: positive,
    vary_headers: list(text),
  }),
});

const correlationId: Schema = object({
  name: { const: 'correlation-id' },
  config: object({
    header_name: text,
    generator: { enum: ['uuid', 'uuid#counter', 'tracker'] },
    echo_downstream: truth,
  }),
});

const kong: Schema = object({
  _format_version: { const: '3.0' },
  plugins: list(correlationId),
  services: list(
    object({
      name: text,
      host: text,
      port: { type: 'integer', minimum: 1, maximum: 65535 },
      protocol: { const: 'http' },
      connect_timeout: milliseconds,
      write_timeout: milliseconds,
      read_timeout: milliseconds,
      retries: { type: 'integer', minimum: 0, maximum: 32_767 },
      routes: list(
        object({
          name: text,
          methods: list(method),
          paths: list({ type: 'string', pattern: '^~/.*\\$$' }),
          strip_path: truth,
          'headers?': map(list({ type: 'string', pattern: '^~\\*' })),
          'plugins?': list({ oneOf: [rateLimiting, proxyCache] }),
        }),
      ),
    }),
  ),
  upstreams: list(
    object({
      name: text,
      targets: list(object({ target: { type: 'string', pattern: '^[a-z0-9.-]+:\\d+$' }, weight: positive })),
      'healthchecks?': object({
        active: object({
          type: { const: 'http' },
          http_path: path,
          timeout: positive,
          healthy: object({ interval: natural, successes: counter }),
          unhealthy: object({ interval: natural, http_failures: counter, tcp_failures: counter, timeouts: counter }),
        }),
        passive: object({
          type: { const: 'http' },
          healthy: object({ successes: counter }),
          unhealthy: object({
            http_failures: counter,
            tcp_failures: counter,
            timeouts: counter,
            http_statuses: list(status),
          }),
        }),
      }),
    }),
  ),
});

/** What each document of a file has to be. */
export const meshSchemas: Readonly<Record<string, Schema>> = {
  'istio.yaml': { oneOf: [virtualService, destinationRule] },
  'linkerd.httproutes.yaml': httpRoute,
  'linkerd.serviceprofiles.yaml': serviceProfile,
  'consul.yaml': { oneOf: [serviceDefaults, serviceResolver, serviceRouter, serviceIntentions] },
  'app-mesh.json': appMesh,
  'kong.yaml': kong,
};
