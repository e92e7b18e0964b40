import { afterEach, beforeEach, expect, it } from 'vitest';
import { plan } from '../../generator/cli/commands/plan.js';
import { ScratchRepository } from '../breaking/scratch-repository.js';
import { shop, World } from './world.js';

let repository: ScratchRepository;
let world: World;
const feature = 'contracts/shop/products/feature.yaml';

beforeEach(() => {
  repository = new ScratchRepository({ ...shop, 'package.json': '{ "type": "module" }\n' });
  world = new World();
});

afterEach(() => {
  world.remove();
  repository.remove();
});

const run = (options: Record<string, unknown> = {}) =>
  world.run(plan, options, [], { cwd: repository.dir, env: repository.env });

interface Json {
  readonly plans: readonly {
    system: string;
    tiers: { services: string[] }[];
    rollback: { restore: { service: string }[] }[];
  }[];
}

it('plans a system, as text, Markdown, JSON and script', async () => {
  expect(await run()).toBe(0);
  expect(world.text).toMatch(/^Deploy shop\n {2}1 {2}catalogue, shop: .*\nRoll back shop\n/);
  expect(await run({ format: 'markdown' })).toBe(0);
  expect(world.text).toContain('### Deploy shop');
  expect(await run({ format: 'json' })).toBe(0);
  expect((JSON.parse(world.text) as Json).plans[0]?.tiers).toHaveLength(1);
  expect(await run({ script: true })).toBe(0);
  expect(world.text).toContain("docker compose up -d --no-deps --wait 'catalogue' 'shop'");
});

it('plans a change: its order, and whose backup goes back', async () => {
  const path = 'contracts/shop/products/asyncapi.yaml';
  repository.write({
    [path]: (shop[path] ?? '')
      .replace('name: { type: string }', 'name: { type: string }, colour: { type: string }')
      .replace('required: [id]', 'required: [id, colour]'),
  });
  expect(await run({ against: 'HEAD', format: 'json' })).toBe(0);
  const [made] = (JSON.parse(world.text) as Json).plans;
  expect(made?.tiers.map(({ services }) => services)).toEqual([['catalogue'], ['shop']]);
  expect(made?.rollback.flatMap(({ restore }) => restore.map(({ service }) => service)).sort()).toEqual([
    'catalogue',
    'shop',
  ]);
});

it('exits 2 on what cannot be read, and when one script is asked of several systems', async () => {
  expect(await run({ against: 'nowhere' })).toBe(2);
  repository.write({
    'contracts/other/seamwright.yaml': 'seamwright: "1"\nsystem: other\n',
    'contracts/other/a/feature.yaml': 'name: a\n',
  });
  expect(await run({ script: true })).toBe(2);
  repository.write({ [feature]: 'name: [\n' });
  expect(await run()).toBe(2);
});
