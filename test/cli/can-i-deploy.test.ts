import { afterAll, beforeAll, expect, it } from 'vitest';
import { bump } from '../../generator/cli/commands/bump.js';
import { canIDeploy } from '../../generator/cli/commands/can-i-deploy.js';
import { versions } from '../../generator/cli/commands/versions.js';
import { ScratchRepository } from '../breaking/scratch-repository.js';
import { World } from './world.js';

const files = {
  'package.json': '{ "type": "module" }\n',
  'contracts/seamwright.yaml': 'seamwright: "1"\nsystem: shop\n',
  'contracts/products/feature.yaml': `name: products
version: 1.0.0
asyncapi: ./asyncapi.yaml
services: { catalogue: { version: 1.0.0 }, shop: { version: 1.0.0 }, mail: { version: 1.0.0 } }
dependencies:
  shop: [{ catalogue: ">=1.0.0" }]
entities:
  Product: { owner: catalogue, event: ProductChanged, consumers: [shop] }
`,
  'contracts/products/asyncapi.yaml': `asyncapi: 3.0.0
info: { title: Products, version: 1.0.0 }
channels:
  products: { address: catalogue.product, messages: { ProductChanged: { $ref: '#/components/messages/ProductChanged' } } }
components:
  messages:
    ProductChanged:
      payload: { type: object, required: [id, status], properties: { id: { type: string }, status: { enum: [new, sold] } } }
`,
};

let repository: ScratchRepository;
const world = new World();

/** catalogue 1.0.0 and shop 1.0.0, then an enum gains a value and both say so: 2.0.0 and 1.0.1. */
beforeAll(async () => {
  repository = new ScratchRepository(files);
  const path = 'contracts/products/asyncapi.yaml';
  repository.write({ [path]: files[path].replace('[new, sold]', '[new, sold, lost]') });
  await world.run(bump, {}, [], { cwd: repository.dir, env: repository.env });
  repository.commit();
  repository.commit({ 'other.txt': 'x' });
});

afterAll(() => {
  repository.remove();
  world.remove();
});

const run = (options: Record<string, unknown>, args: readonly string[] = []) =>
  world.run(canIDeploy, options, args, { cwd: repository.dir, env: repository.env });

interface Json {
  readonly verdict: string;
  readonly reasons: readonly { with?: string; rule: string; counterexample?: { status: string } }[];
  readonly compared: readonly { service: string }[];
}

async function ask(what: string, deployed: string): Promise<Json & { readonly exitCode: number }> {
  repository.write({ 'env.yaml': deployed });
  const exitCode = await run({ env: 'env.yaml', format: 'json' }, [what]);
  return { ...(JSON.parse(world.text) as Json), exitCode };
}

it('says no where what one writes is refused by the other as it was built, with the message', async () => {
  const { exitCode, verdict, reasons } = await ask('catalogue@2.0.0', 'shop: "1.0.0"\n');
  expect([exitCode, verdict]).toEqual([1, 'no']);
  expect(reasons).toMatchObject([{ with: 'shop', rule: 'enum-value-added', counterexample: { status: 'lost' } }]);
});

it.each([
  ['catalogue@2.0.0', 'shop: "1.0.1"\n'],
  ['shop@1.0.1', 'catalogue: "1.0.0"\n'],
  ['shop@1.0.1', '{ "services": { "catalogue": { "version": "2.0.0" } } }'],
  ['shop@1.0.0', 'catalogue: "1.0.0"\n'],
])('says yes to %s beside %j', async (what, deployed) => {
  expect(await ask(what, deployed)).toMatchObject({ exitCode: 0, verdict: 'yes', reasons: [], compared: [{}] });
});

it('does not let the reader go back once the writer has shipped', async () => {
  expect(await ask('shop@1.0.0', 'catalogue: "2.0.0"\n')).toMatchObject({ exitCode: 1, verdict: 'no' });
});

it('looks at what is needed and at who has nothing to do with it', async () => {
  expect((await ask('shop@1.0.0', 'mail: "1.0.0"\n')).reasons).toMatchObject([{ rule: 'provider-not-deployed' }]);
  expect(await ask('mail@1.0.0', 'shop: "1.0.0"\n')).toMatchObject({ verdict: 'yes', compared: [] });
});

it('takes the commit that a tag names, unless the contracts say another version there', async () => {
  const verdict = async (): Promise<string> => (await ask('catalogue@2.0.0', 'shop: "1.0.0"\n')).verdict;
  try {
    repository.git('tag', 'shop@1.0.0', 'HEAD~2');
    expect(await verdict()).toBe('no');
    repository.git('tag', '--force', 'shop@1.0.0', 'HEAD');
    expect(await verdict()).toBe('no');
    repository.git('tag', 'mail@7.0.0', 'HEAD');
    expect((await ask('mail@7.0.0', 'shop: "1.0.0"\n')).verdict).toBe(null);
  } finally {
    repository.git('tag', '--delete', 'shop@1.0.0', 'mail@7.0.0');
  }
});

it('prints a matrix', async () => {
  expect(await run({ matrix: true, format: 'markdown' })).toBe(0);
  expect(world.text).toContain('| catalogue 2.0.0 | shop 1.0.0 | no | enum-value-added |');
  expect(world.text).toContain('| catalogue 1.0.0 | shop 1.0.1 | yes |  |');
  expect(world.text).not.toContain('mail');
});

it.each([
  [{}, ['shop@1.0.0'], '--env is missing'],
  [{ env: 'env.yaml' }, ['shop'], 'name a service and its version'],
  [{ env: 'env.yaml' }, [], 'name a service and its version'],
  [{ env: 'nowhere.yaml' }, ['shop@1.0.0'], 'cannot be read'],
  [{ env: 'contracts/products/asyncapi.yaml' }, ['shop@1.0.0'], 'no version in quotes'],
  [{ env: 'env.yaml' }, ['nobody@1.0.0'], 'no contract names a service'],
])('exits 2 for %j %j', async (options, args, told) => {
  repository.write({ 'env.yaml': 'catalogue: "1.0.0"\n' });
  expect(await run(options, args)).toBe(2);
  expect(world.err.join('')).toContain(told);
});

it('exits 2 for a version that never stood', async () => {
  expect(await ask('shop@9.0.0', 'catalogue: "1.0.0"\n')).toMatchObject({ exitCode: 2, verdict: null });
  expect(await ask('shop@1.0.0', 'catalogue: "9.0.0"\n')).toMatchObject({ exitCode: 2 });
});

it('versions: lists all, and exits 1 where two places disagree', async () => {
  const list = (options: Record<string, unknown> = {}) =>
    world.run(versions, options, [], { cwd: repository.dir, env: repository.env });
  expect(await list()).toBe(0);
  expect(world.text).toMatch(/service +catalogue +2\.0\.0/);
  expect(world.text).toMatch(/shop +catalogue +>=1\.0\.0 +2\.0\.0 +yes/);
  repository.write({
    'contracts/more/feature.yaml':
      'name: more\nservices: { catalogue: { version: 1.5.0 } }\ndependencies: { shop: [{ mail: ^2.0.0 }] }\n',
  });
  try {
    expect(await list({ format: 'json' })).toBe(1);
    const { findings } = JSON.parse(world.text) as { findings: { rule: string; subject: string }[] };
    expect(findings.map(({ rule, subject }) => [rule, subject])).toEqual([
      ['version-mismatch', 'service:catalogue'],
      ['version-mismatch', 'dependency:shop->mail'],
    ]);
  } finally {
    repository.git('clean', '--quiet', '-fd', 'contracts/more');
  }
});
