import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from '../../generator/cli/commands/generate.js';
import { scenariosOf, verifyService } from '../../harness/index.js';
import { shop, World } from './world.js';

const file = 'services/shop/shop/verify.test.ts';
let world: World;

beforeEach(() => {
  world = new World().write(shop);
});

afterEach(() => {
  world.remove();
});

describe('the test that generate writes for a service', () => {
  it.each([
    ['dependencies', true],
    ['devDependencies', true],
    ['peerDependencies', false],
  ])('is there when Vitest is among the %s: %s', async (kind, written) => {
    world.write({ 'package.json': JSON.stringify({ type: 'module', [kind]: { vitest: '^4.0.0' } }) });
    await world.run(generate);
    expect(existsSync(world.path(file))).toBe(written);
    expect(world.text.includes('new, yours to fill in: shop/verify.test.ts')).toBe(written);
  });

  it('comes as soon as the project has Vitest, and is the user’s from then on', async () => {
    await world.run(generate);
    expect(existsSync(world.path(file))).toBe(false);
    world.write({ 'package.json': '{ "type": "module", "devDependencies": { "vitest": "^4.0.0" } }\n' });
    await world.run(generate);
    const text = readFileSync(world.path(file), 'utf8');
    expect(text).toContain(`const subject = { workspace: 'contracts/shop', service: 'shop' };`);
    world.write({ [file]: '// mine\n' });
    await world.run(generate);
    expect(readFileSync(world.path(file), 'utf8')).toBe('// mine\n');
  });

  it('says the same everywhere in this repository, so that none is left behind', () => {
    const expected = readFileSync('templates/verify-test.hbs', 'utf8');
    const own = readFileSync('services/mesh/service-b/verify.test.ts', 'utf8');
    const filled = { workspace: 'contracts/mesh', service: 'service-b', title: 'service-b keeps its contracts' };
    expect(own).toBe(expected.replace(/\{\{(\w+)\}\}/g, (_, name: keyof typeof filled) => `'${filled[name]}'`));
  });
});

describe('scenarios of a service', () => {
  const subject = { workspace: 'contracts/mesh', service: 'api-gateway' };

  it('are those that are played when none is named', async () => {
    const { services } = await verifyService({ ...subject, runs: 1 });
    const played = services[0]?.scenarios.filter(({ status }) => status === 'passed').map(({ scenario }) => scenario);
    expect(await scenariosOf(subject)).toEqual(played);
    expect(played?.length).toBeGreaterThan(5);
    expect(services[0]?.scenarios.some(({ status }) => status === 'skipped')).toBe(true);
  }, 60_000);

  it('of a service that is not there: says so', async () => {
    await expect(scenariosOf({ ...subject, service: 'nobody' })).rejects.toThrow(/"nobody" has no generated code/);
  });

  it('of contracts that cannot be read: says so, and reads them again when asked again', async () => {
    const missing = { workspace: world.path('later'), service: 'shop' };
    await expect(scenariosOf(missing)).rejects.toThrow(/later/);
    const moved = Object.entries(shop).map(([path, text]) => [path.replace('contracts/shop', 'later'), text]);
    world.write(Object.fromEntries(moved) as typeof shop);
    await expect(scenariosOf(missing)).rejects.toThrow(/"shop" has no generated code/);
  });
});
