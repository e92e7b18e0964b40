import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkCommand } from '../../generator/cli/commands/check.js';
import { generate } from '../../generator/cli/commands/generate.js';
import { shop, World } from './world.js';

let world: World;

beforeEach(() => {
  world = new World().write(shop);
});

afterEach(() => world.remove());

const asyncapi = 'contracts/shop/products/asyncapi.yaml';

it('exits 0 with warnings, and writes nothing', async () => {
  expect(await world.run(checkCommand)).toBe(0);
  expect(world.text).toContain('warning');
  expect(await world.run(generate, { check: true })).toBe(1);
});

it('says of the schemas what generating says', async () => {
  world.write({
    [asyncapi]: (shop[asyncapi] ?? '').replace(
      'name: { type: string }',
      "name: { type: string, pattern: '^[0-9{13}$(' }",
    ),
  });
  const lines = (): readonly string[] =>
    world.text.split('\n').filter((line) => line.includes('schema-pattern-invalid'));
  await world.run(checkCommand);
  const said = lines();
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/asyncapi\.yaml:\d+:\d+: warning schema-pattern-invalid/);
  await world.run(generate);
  expect(lines()).toEqual(said);
});

it('exits 1 on an error and prints one document as JSON', async () => {
  world.write({ [asyncapi]: (shop[asyncapi] ?? '').replaceAll('ProductChanged', 'ProductMoved') });
  expect(await world.run(checkCommand, { format: 'json' })).toBe(1);
  const { findings, summary } = JSON.parse(world.text) as { findings: { rule: string }[]; summary: { errors: number } };
  expect(findings.map((finding) => finding.rule)).toContain('message-undeclared');
  expect(summary.errors).toBeGreaterThan(0);
});
