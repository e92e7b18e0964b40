import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { yamlText } from '../../generator/emit/mesh/yaml-text.js';
import { generateFiles } from '../../generator/pipeline.js';
import { compileSchema } from '../../generator/schema/ajv.js';
import { meshSchemas } from './mesh-schemas.js';

const root = join(import.meta.dirname, '../..');
const workspaces = { mesh: 'contracts/mesh', shop: 'test/fixtures/mesh/shop' };

type Documents = Readonly<Record<string, readonly unknown[]>>;
type Value = Readonly<Record<string, unknown>>;

const found: Record<string, Documents> = {};
const texts: Record<string, Readonly<Record<string, string>>> = {};

beforeAll(async () => {
  for (const [name, folder] of Object.entries(workspaces)) {
    const dir = join(root, folder);
    const { files = [], findings } = await generateFiles(dir, { cwd: root, env: {}, today: '2026-01-01' });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const own = files.filter(({ path }) => path.startsWith('mesh/'));
    texts[name] = Object.fromEntries(own.map(({ path, content }) => [path.slice('mesh/'.length), content]));
    found[name] = Object.fromEntries(own.map(({ path, content }) => [path.slice('mesh/'.length), documents(content)]));
  }
}, 60_000);

function documents(text: string): readonly unknown[] {
  const parsed = parseAllDocuments(text, { strict: true, uniqueKeys: true });
  expect('empty' in parsed ? [] : parsed.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  return ('empty' in parsed ? [] : parsed)
    .map((document) => document.toJS() as unknown)
    .filter((value) => value !== null);
}

describe.each(Object.keys(workspaces))('files for meshes of %s', (workspace) => {
  it('are written for each mesh that is asked for', () => {
    expect(Object.keys(found[workspace] ?? {}).sort()).toEqual(Object.keys(meshSchemas).sort());
  });

  it.each(Object.keys(meshSchemas))('%s holds what the product takes and nothing else', (file) => {
    const check = compileSchema(meshSchemas[file], { allErrors: false });
    const all = found[workspace]?.[file] ?? [];
    expect(all.length).toBeGreaterThan(0);
    for (const document of all) expect(check(document), JSON.stringify(document)).toEqual([]);
  });

  it('name no two things of one kind alike, and lead nowhere else than to what is there', () => {
    for (const [file, all] of Object.entries(found[workspace] ?? {})) {
      const names = all.map((document) => {
        const { kind, metadata } = document as {
          readonly kind?: string;
          readonly metadata?: { readonly name: string };
        };
        return `${kind} ${metadata?.name}`;
      });
      expect(new Set(names).size, file).toBe(names.length);
    }
    const [template] = (found[workspace]?.['app-mesh.json'] ?? []) as [{ readonly Resources: Value }];
    const targets = [...JSON.stringify(template).matchAll(/"Fn::GetAtt":\["(\w+)"/g)].map(([, id = '']) => id);
    expect(targets.filter((id) => !Object.hasOwn(template.Resources, id))).toEqual([]);
    const [kong] = (found[workspace]?.['kong.yaml'] ?? []) as [
      Record<'services' | 'upstreams', readonly { host: string; name: string }[]>,
    ];
    expect(new Set(kong.services.map(({ name }) => name)).size).toBe(kong.services.length);
    expect(new Set(kong.services.map(({ host }) => host))).toEqual(new Set(kong.upstreams.map(({ name }) => name)));
  });

  it('say at their head what a proxy cannot do, and that two must not try again', () => {
    for (const text of Object.values(texts[workspace] ?? {})) {
      expect(text).toContain('idempotency keys, X-Request-Deadline, correlation ids and service tokens');
      expect(text).toContain('their tries multiply');
    }
  });
});

it('writes nothing without being asked', async () => {
  const dir = join(root, 'contracts/easyplatform');
  const { files = [] } = await generateFiles(dir, { cwd: root, env: {}, today: '2026-01-01' });
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter(({ path }) => path.startsWith('mesh/'))).toEqual([]);
});

/** The document of this kind and name. */
function one(workspace: string, file: string, kind: string, name: string): Value {
  const document = found[workspace]?.[file]?.find(
    (each) =>
      (each as { kind?: string }).kind === kind && (each as { metadata: { name: string } }).metadata.name === name,
  );
  expect(document).toBeDefined();
  return (document as { readonly spec: Value }).spec;
}

function head(workspace: string, file: string): string {
  return (texts[workspace]?.[file] ?? '').split('---')[0] ?? '';
}

describe('the policy of the chain', () => {
  it('tries again in Istio after what the contract names, and not after a timeout', () => {
    const { http } = one('mesh', 'istio.yaml', 'VirtualService', 'service-b') as { readonly http: readonly Value[] };
    expect(http[0]).toMatchObject({
      match: [{ uri: { regex: '/b/items/[^/]+' }, method: { exact: 'GET' }, sourceLabels: { app: 'service-a' } }],
      timeout: '800ms',
      retries: { attempts: 2, perTryTimeout: '300ms', backoff: '50ms', retryOn: 'connect-failure,refused-stream,503' },
    });
    expect(http[1]).toMatchObject({ name: 'update-item', timeout: '300ms', retries: { attempts: 0 } });
    expect(http.at(-1)).toEqual({
      name: 'other',
      route: [{ destination: { host: 'service-b' } }],
      retries: { attempts: 0 },
    });
    expect(one('mesh', 'istio.yaml', 'DestinationRule', 'service-b-from-service-a')).toMatchObject({
      trafficPolicy: {
        connectionPool: { tcp: { maxConnections: 20 }, http: { http1MaxPendingRequests: 40, http2MaxRequests: 20 } },
        outlierDetection: { consecutive5xxErrors: 5, baseEjectionTime: '5s', maxEjectionPercent: 100 },
      },
    });
    for (const word of ['failure_rate', 'slow_call', 'half_open_max_calls', 'stale_if_error', 'fallback'])
      expect(head('mesh', 'istio.yaml')).toContain(word);
  });

  it('makes Linkerd retry by status, within a time for the whole call', () => {
    expect(one('mesh', 'linkerd.httproutes.yaml', 'HTTPRoute', 'service-b-get-item')).toMatchObject({
      rules: [{ timeouts: { request: '800ms' }, matches: [{ method: 'GET', path: { type: 'RegularExpression' } }] }],
    });
    expect(texts.mesh?.['linkerd.httproutes.yaml']).toContain(
      'retry.linkerd.io/http: "502,503"\n    retry.linkerd.io/limit: "2"\n',
    );
    expect(texts.mesh?.['linkerd.httproutes.yaml']).not.toContain('retry.linkerd.io/timeout');
    expect(head('mesh', 'linkerd.httproutes.yaml')).toContain('failure-accrual-consecutive-max-failures: "5"');
    const profile = one(
      'mesh',
      'linkerd.serviceprofiles.yaml',
      'ServiceProfile',
      'service-b.default.svc.cluster.local',
    );
    expect(profile).toMatchObject({ routes: [{ isRetryable: true }, {}], retryBudget: { retryRatio: 0.2 } });
    expect((profile.routes as readonly Value[])[1]).not.toHaveProperty('isRetryable');
  });

  it('lets in Consul nobody in whom the contract does not name', () => {
    expect(one('mesh', 'consul.yaml', 'ServiceIntentions', 'service-b')).toEqual({
      destination: { name: 'service-b' },
      sources: [
        {
          name: 'service-a',
          permissions: ['GET', 'PUT'].map((method) => ({
            action: 'allow',
            http: { pathRegex: '/b/items/[^/]+', methods: [method] },
          })),
        },
        { name: '*', action: 'deny' },
      ],
    });
    expect(one('mesh', 'consul.yaml', 'ServiceRouter', 'service-b')).toMatchObject({
      routes: [
        { destination: { numRetries: 2, retryOn: ['connect-failure', 'refused-stream'], retryOnStatusCodes: [503] } },
        { destination: { requestTimeout: '300ms' } },
      ],
    });
  });

  it('uses no word of App Mesh or Kong that would do more than was asked for', () => {
    const [template] = (found.mesh?.['app-mesh.json'] ?? []) as [
      { readonly Resources: Readonly<Record<string, Value>> },
    ];
    expect(template.Resources.ServiceBRouteGetItem).toMatchObject({
      Properties: {
        Spec: {
          HttpRoute: {
            Timeout: { PerRequest: { Unit: 'ms', Value: 800 } },
            RetryPolicy: { MaxRetries: 2, HttpRetryEvents: ['stream-error'], TcpRetryEvents: ['connection-error'] },
          },
        },
      },
    });
    expect(texts.mesh?.['app-mesh.json']).toContain('retry.on of service-b get-item: 503 is not tried again');
    const [{ services, upstreams }] = (found.mesh?.['kong.yaml'] ?? []) as [
      Record<'services' | 'upstreams', readonly Value[]>,
    ];
    expect(services.find(({ name }) => name === 'service-b')).toMatchObject({ retries: 0, read_timeout: 300 });
    expect(head('mesh', 'kong.yaml')).toContain('retry.on of service-b get-item: network, 503 is not tried again');
    expect(upstreams.find(({ name }) => name === 'service-b.upstream')).toMatchObject({
      healthchecks: { active: { unhealthy: { interval: 5 } }, passive: { unhealthy: { http_failures: 5 } } },
    });
  });
});

describe('other policies', () => {
  it('are told apart by caller where one operation has two', () => {
    const { http } = one('shop', 'istio.yaml', 'VirtualService', 'stock-keeper') as { readonly http: readonly Value[] };
    const reads = http.filter(({ name }) => String(name).startsWith('get-item'));
    expect(
      reads.map(({ match, timeout }) => [(match as readonly Value[]).map(({ sourceLabels }) => sourceLabels), timeout]),
    ).toEqual([
      [[{ app: 'billing' }], '5s'],
      [[{ app: 'orders' }], '1s100ms'],
    ]);
    const router = one('shop', 'consul.yaml', 'ServiceRouter', 'stock-keeper') as {
      readonly routes: readonly { readonly match: { readonly http: Value } }[];
    };
    const agents = router.routes.flatMap(
      ({ match }) => (match.http.header as readonly { readonly regex: string }[] | undefined) ?? [],
    );
    const sent = ['billing (seamwright)', 'orders (seamwright)', 'xorders (seamwright)'];
    expect(agents.map(({ regex }) => sent.filter((agent) => new RegExp(`^(?:${regex})$`).test(agent)))).toEqual([
      [sent[0]],
      [sent[1]],
    ]);
  });

  it('use the broader words where all of what they mean is asked for', () => {
    expect(texts.shop?.['istio.yaml']).toContain('retryOn: "connect-failure,refused-stream,reset,409,502,503,504"');
    expect(texts.shop?.['app-mesh.json']?.match(/"gateway-error"/g)).toHaveLength(2);
    expect(texts.shop?.['linkerd.httproutes.yaml']).toContain('retry.linkerd.io/timeout: "200ms"');
    expect(texts.shop?.['kong.yaml']).toMatch(/read_timeout: 200\n {4}retries: 3/);
  });

  it('take ports and paths from the contract, text before parameters, and no more than the contract matches', () => {
    const { http } = one('shop', 'istio.yaml', 'VirtualService', 'stock-keeper') as {
      readonly http: readonly {
        readonly name: string;
        readonly match?: readonly [{ readonly uri: { exact?: string; regex?: string } }];
      }[];
    };
    expect(http.map(({ name }) => name)).toEqual([
      ...['list-items', 'get-totals', 'get-item', 'get-item2', 'release', 'reserve', 'other'],
    ]);
    expect(http[1]?.match?.[0].uri).toEqual({ exact: '/v2/items/totals.json' });
    const regex = new RegExp(`^(?:${http[2]?.match?.[0].uri.regex})$`);
    expect(
      ['/v2/items/7', '/v2/items/', '/v2/items/7/reservations', '/v1/items/7'].map((path) => regex.test(path)),
    ).toEqual([true, false, false, false]);
    expect(texts.shop?.['kong.yaml']).toContain('target: "stock-keeper:9000"');
    expect(texts.shop?.['kong.yaml']).toContain('"~/v2/items/totals\\\\.json$"');
  });

  it('keep frontends out of the mesh and in front of Kong, and external services out of both', () => {
    for (const [file, text] of Object.entries(texts.shop ?? {})) {
      expect(text, file).not.toContain('payment');
      expect(text, file).not.toContain('web');
    }
    expect(one('shop', 'consul.yaml', 'ServiceIntentions', 'orders')).toMatchObject({
      sources: [{ name: 'billing' }, { name: '*' }],
    });
    const [{ services }] = (found.shop?.['kong.yaml'] ?? []) as [
      { readonly services: readonly { readonly name: string; readonly routes: readonly Value[] }[] },
    ];
    const orders = services.filter(({ name }) => name.startsWith('orders')).flatMap(({ routes }) => routes);
    // That of billing asks for its name, that of people in browsers takes what is left.
    expect(orders.map(({ headers }) => headers)).toEqual([{ 'user-agent': ['~*^(billing) .*$'] }, undefined]);
  });

  it('reach Kong as plugins where it has them', () => {
    const plugins = [...(texts.shop?.['kong.yaml'] ?? '').matchAll(/ - name: (rate-limiting|proxy-cache)\n/g)].map(
      ([, name]) => name,
    );
    expect(plugins).toEqual(['rate-limiting', 'proxy-cache']);
    expect(texts.shop?.['kong.yaml']).toMatch(/minute: 100\n +policy: local\n +limit_by: consumer/);
    expect(head('shop', 'kong.yaml')).toContain('rate_limit of stock-keeper get-totals: Kong counts per second');
  });
});

describe('YAML', () => {
  it('is read again as what was written, whatever the text', () => {
    const strings = [
      '',
      ' ',
      'plain',
      'yes',
      'No',
      'null',
      '~',
      '1',
      '0x1f',
      '1e3',
      '- a',
      'a: b',
      'a #b',
      '#',
      '&a',
      '*a',
      '!t',
      '%d',
      '@',
      '`',
      '"q"',
      "'",
      '\\',
      'a\nb',
      '\t',
      '---',
      '...',
      '{{x}}',
      '🚀',
      '2026-01-01',
      '=',
      '<<',
    ];
    const value = {
      strings,
      nested: [{ a: { b: [[1, 2], []] } }, {}, null, true, -1.5],
      ...Object.fromEntries(strings.map((text, index) => [`${text}${index}`, text])),
    };
    const text = yamlText(['a comment\nwith two lines'], value, { left: undefined, kept: 1 });
    expect(documents(text)).toEqual([value, { kept: 1 }]);
  });
});
