import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { init } from '../../generator/cli/commands/init.js';
import { withGeneratedImports } from '../../generator/cli/init/package-imports.js';
import { commands } from '../../generator/cli/registry.js';
import { checkWorkspace, generateFiles } from '../../generator/pipeline.js';

const asyncapi = (title: string, action: 'send' | 'receive', message = 'OrderCreated'): string => `asyncapi: 3.0.0
info: { title: ${title}, version: 1.2.0 }
channels:
  orders:
    address: orders.created
    messages:
      ${message}: { payload: { type: object, required: [orderId], properties: { orderId: { type: string } } } }
operations:
  act: { action: ${action}, channel: { $ref: '#/channels/orders' } }
`;
const openapi = (title: string, version = '3.0.3', path = '/orders/{id}'): string => `openapi: ${version}
info: { title: ${title}, version: '2' }
paths:
  ${path}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: One. } }
`;

let dir = '';
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('adopting a repository', () => {
  it.each([
    ['only an AsyncAPI file', { 'asyncapi.yaml': asyncapi('Order Service', 'send') }],
    ['only an OpenAPI file', { 'docs/api.yaml': openapi('Order Service') }],
    [
      'only an OpenAPI 3.1 file in JSON',
      { 'api.json': JSON.stringify({ openapi: '3.1.0', info: { title: 'X', version: '1' }, paths: {} }) },
    ],
    ['both', { 'a/events.yaml': asyncapi('Orders', 'send'), 'b/rest.yaml': openapi('Orders') }],
    [
      'several of each',
      {
        'orders/asyncapi.yaml': asyncapi('Orders', 'send'),
        'mail/asyncapi.yaml': asyncapi('Mailer', 'receive'),
        'orders/openapi.yaml': openapi('Orders'),
        'stock/openapi.yaml': openapi('Stock', '3.1.0', '/stock/{id}'),
      },
    ],
    [
      'documents of one title',
      {
        'v1/openapi.yaml': openapi('Orders'),
        'v2/openapi.yaml': openapi('Orders'),
        'v3/openapi.yaml': openapi('Orders'),
      },
    ],
    ['a title that is no name', { 'asyncapi.yaml': asyncapi('"42: \\"注文\\" {x}"', 'send') }],
    [
      'names that ask for roles',
      { 'a.yaml': asyncapi('Web Frontend', 'send'), 'b.yaml': asyncapi('API Gateway', 'receive') },
    ],
  ])('%s: generate works at once', async (_, files: Readonly<Record<string, string>>) => {
    repository({ 'package.json': '{}', ...files });
    const before = read(Object.keys(files));
    const { code, out } = await run();
    expect(code, out.join('\n')).toBe(0);
    expect(out.at(-1)).toBe('next: seamwright generate');
    const root = join(dir, dirname(found('seamwright.yaml')));
    const { files: generated, findings } = await generateFiles(root, { cwd: dir, env: {}, today: '2026-01-01' });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(generated?.length).toBeGreaterThan(2);
    expect(read(Object.keys(files))).toEqual(before);
  });

  it('every document is taken, each under a service', async () => {
    repository({
      'v1/openapi.yaml': openapi('Orders'),
      'v2/openapi.yaml': openapi('Orders'),
      'm.yaml': asyncapi('Orders', 'send'),
    });
    const { out } = await run(['--json']);
    const { services } = JSON.parse(out.join('\n')) as { services: readonly Readonly<Record<string, string>>[] };
    expect(services).toEqual([
      { name: 'orders', role: 'service', version: '1.2.0', asyncapi: 'm.yaml', openapi: 'v1/openapi.yaml' },
      { name: 'orders-openapi', role: 'service', openapi: 'v2/openapi.yaml' },
    ]);
    const { model } = await checkWorkspace(dir, { cwd: dir, env: {}, today: '2026-01-01' });
    expect([...(model?.services.keys() ?? [])]).toEqual(['orders', 'orders-openapi']);
  });

  it('draws who sends what to whom', async () => {
    repository({
      'a.yaml': asyncapi('Orders', 'send'),
      'b.yaml': asyncapi('Mailer', 'receive'),
      'c.yaml': openapi('Orders'),
    });
    const { out } = await run();
    expect(out.slice(1, 6)).toEqual([
      '├─ mailer (service, 1.2.0)',
      '│  └─ handles OrderCreated ← orders',
      '└─ orders (service, 1.2.0)',
      '   ├─ sends OrderCreated → mailer',
      '   └─ serves GET /orders/{id} (getOrdersId)',
    ]);
  });

  it('shows a copy at somebody else than the owner, also when a service handles its own message', async () => {
    const operations = `  act: { action: send, channel: { $ref: '#/channels/orders' } }
  on: { action: receive, channel: { $ref: '#/channels/orders' } }
`;
    repository({
      'a.yaml': asyncapi('Orders', 'send').replace(/ {2}act:.*\n/, () => operations),
      'c.yaml': openapi('Museum'),
    });
    await run();
    expect(readFileSync(join(dir, 'feature.yaml'), 'utf8')).toContain('#     consumers: [museum]');
  });

  it.each([
    ['{ "name": "@acme/web-shop" }', 'web-shop'],
    ['{ "name": "42" }', ''],
    ['{ "name": ', ''],
  ])('names the system after %s, else after the folder', async (text, name) => {
    repository({ 'package.json': text, 'docs/a.yaml': asyncapi('Orders', 'send') });
    const { out } = await run(['--json']);
    const { system } = JSON.parse(out.join('\n')) as { readonly system: string };
    if (name === '') expect(system).toMatch(/^seamwright-init-/);
    else expect(system).toBe(name);
  });

  it('writes nothing with --dry-run', async () => {
    repository({ 'package.json': '{}', 'api/a.yaml': asyncapi('Orders', 'send') });
    const { code, out } = await run(['--dry-run']);
    expect(code).toBe(0);
    expect(out).toContain('would write api/seamwright.yaml');
    expect(out).toContain('would change package.json: imports "#generated/*"');
    expect(readdirSync(dir, { recursive: true }).sort()).toEqual(['api', 'api/a.yaml', 'package.json']);
  });

  it('overwrites nothing: not a file of its own names, not a workspace', async () => {
    repository({ 'a.yaml': asyncapi('Orders', 'send'), 'services.yaml': 'services:\n  orders: { role: worker }\n' });
    const { out } = await run();
    expect(out).toContain('kept services.yaml');
    expect(readFileSync(join(dir, 'services.yaml'), 'utf8')).toContain('role: worker');
    writeFileSync(join(dir, 'seamwright.yaml'), 'seamwright: "1"\nsystem: mine\n');
    const again = await run();
    expect(again).toMatchObject({
      code: 0,
      out: ['./seamwright.yaml is there already; nothing was written.', 'next: seamwright generate'],
    });
    expect(readFileSync(join(dir, 'seamwright.yaml'), 'utf8')).toBe('seamwright: "1"\nsystem: mine\n');
  });

  it('leaves documents of tests alone', async () => {
    repository({ 'a.yaml': asyncapi('Orders', 'send'), 'test/broken.yaml': 'asyncapi: 3.0.0\nchannels: 5\n' });
    expect((await run()).code).toBe(0);
    expect(readFileSync(join(dir, 'feature.yaml'), 'utf8')).not.toContain('broken');
  });

  it.each([
    ['an empty folder', {}, [], /no AsyncAPI or OpenAPI document/],
    ['a folder that is not there', {}, ['missing'], /"missing" is not a folder/],
  ] as const)('%s: says what is missing, exit code 2', async (_, files, args, message) => {
    repository(files);
    const { code, err } = await run([], args);
    expect(code).toBe(2);
    expect(err.join('\n')).toMatch(message);
  });

  it('a document that cannot be read: says where, writes nothing', async () => {
    repository({ 'a.yaml': 'asyncapi: 3.0.0\ninfo: {\n' });
    const { code, out } = await run();
    expect(code).toBe(2);
    expect(out.join('\n')).toMatch(/^a\.yaml:\d+:\d+: error/);
    expect(existsSync(join(dir, 'seamwright.yaml'))).toBe(false);
  });
});

describe('the workflow for pull requests', () => {
  const workflow = '.github/workflows/seamwright.yml';
  const files = { 'package.json': '{}', 'docs/a.yaml': asyncapi('Orders', 'send') };

  it('comes into a repository, and runs what the command line has', async () => {
    repository({ ...files, '.git/HEAD': '' });
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toContain(`wrote ${workflow}`);
    const text = readFileSync(join(dir, workflow), 'utf8');
    const { jobs, on } = parse(text) as Workflow;
    expect(on).toBe('pull_request');
    const calls = jobs.contracts.steps
      .flatMap(({ run = '' }) => [...run.matchAll(/npx seamwright (\S+)(.*)/g)])
      .map(([, name = '', rest = '']) => ({ name, used: rest.match(/--[a-z-]+/g) ?? [] }));
    expect(calls.map(({ name }) => name)).toEqual(['check', 'generate', 'verify', 'breaking']);
    for (const { name, used } of calls) {
      const options = commands.find((command) => command.name === name)?.options ?? [];
      const known = ['--format', ...options.map(([flags]) => flags.split(' ')[0])];
      expect(
        used.filter((option) => !known.includes(option)),
        name,
      ).toEqual([]);
    }
  });

  it('that is there already is kept', async () => {
    repository({ ...files, '.git/HEAD': '', [workflow]: '# mine\n' });
    const { out } = await run();
    expect(out).toContain(`kept ${workflow}`);
    expect(readFileSync(join(dir, workflow), 'utf8')).toBe('# mine\n');
  });

  it('is announced by --dry-run, not written', async () => {
    repository({ ...files, '.git/HEAD': '' });
    const { out } = await run(['--dry-run']);
    expect(out).toContain(`would write ${workflow}`);
    expect(existsSync(join(dir, '.github'))).toBe(false);
  });

  it('stays away where there is no repository', async () => {
    repository(files);
    const { out } = await run();
    expect(out.join('\n')).not.toContain('.github');
    expect(existsSync(join(dir, '.github'))).toBe(false);
  });
});

interface Workflow {
  readonly on: string;
  readonly jobs: { readonly contracts: { readonly steps: readonly { readonly run?: string }[] } };
}

describe('the entry in package.json', () => {
  const entry = '"imports": {\n    "#generated/*": "./generated/*"\n  }';

  it.each([
    ['after what stands there', '{\n  "name": "x"\n}\n', `{\n  "name": "x",\n  ${entry}\n}\n`],
    [
      'in its indentation',
      '{\n\t"name": "x"\n}',
      '{\n\t"name": "x",\n\t"imports": {\n\t\t"#generated/*": "./generated/*"\n\t}\n}',
    ],
    ['on its line', '{"name":"x"}', '{"name":"x","imports":{"#generated/*":"./generated/*"}}'],
    ['in an empty one', '{}\n', `{\n  ${entry}\n}\n`],
    [
      'with its line ends',
      '{\r\n  "name": "x"\r\n}\r\n',
      `{\r\n  "name": "x",\r\n  ${entry.replaceAll('\n', '\r\n')}\r\n}\r\n`,
    ],
    [
      'among other imports',
      '{\n  "imports": {\n    "#a": "./a.js"\n  }\n}\n',
      '{\n  "imports": {\n    "#generated/*": "./generated/*",\n    "#a": "./a.js"\n  }\n}\n',
    ],
  ])('%s', (_, before, after) => {
    expect(withGeneratedImports(before)).toBe(after);
  });

  it.each([
    ['is there already', '{ "imports": { "#generated/*": "./out/*" } }'],
    ['cannot be read', '{ "name": '],
    ['has imports that are no mapping', '{ "imports": 5 }'],
    ['would end in a key of another depth', '{ "jest": { "imports": {} }, "imports": { "#a": "./a.js" } }'],
  ])('is left alone when it %s', (_, text) => {
    expect(withGeneratedImports(text)).toBeUndefined();
  });
});

function repository(files: Readonly<Record<string, string>>): void {
  dir = mkdtempSync(join(tmpdir(), 'seamwright-init-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

function read(paths: readonly string[]): readonly string[] {
  return paths.map((path) => readFileSync(join(dir, path), 'utf8'));
}

function found(name: string): string {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(name)) ?? name;
}

async function run(
  flags: readonly ('--dry-run' | '--json')[] = [],
  args: readonly string[] = [],
): Promise<{ readonly code: number; readonly out: readonly string[]; readonly err: readonly string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await init({
    args,
    options: { dryRun: flags.includes('--dry-run'), format: flags.includes('--json') ? 'json' : 'text' },
    io: {
      cwd: dir,
      env: {},
      today: '2026-01-01',
      interactive: false,
      color: false,
      out: (text) => out.push(...text.split('\n')),
      err: (text) => err.push(...text.split('\n')),
      progress: () => undefined,
      elapsedMs: () => 0,
      interrupted: () => new Promise(() => undefined),
    },
  });
  return { code, out, err };
}
