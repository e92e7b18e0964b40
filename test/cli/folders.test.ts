import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from '../../generator/cli/commands/generate.js';
import { shop, World } from './world.js';

let world: World;

beforeEach(() => {
  world = new World().write({ ...shop, '.git/HEAD': '' });
});

afterEach(() => {
  world.remove();
});

const settle = (line: string): World =>
  world.write({ 'contracts/shop/seamwright.yaml': `seamwright: "1"\nsystem: shop\n${line}\n` });

describe('folders that settings name', () => {
  it.each([
    ['output: ../../x', '3', 'load-outside-project'],
    ['output: /tmp/x', '3', 'load-outside-project'],
    ['output: .', '3', 'load-folder-taken'],
    ['output: contracts', '3', 'load-folder-taken'],
    ['output: contracts/shop', '3', 'load-folder-taken'],
    ['output: contracts/shop/products', '3', 'load-folder-taken'],
    ['output: .git', '3', 'load-folder-taken'],
    ['output: .GIT/hooks', '3', 'load-folder-taken'],
    ['output: node_modules/shop', '3', 'load-folder-taken'],
    ['output: services', '', 'load-folder-taken'],
    ['services: ../..', '3', 'load-outside-project'],
    ['services: .git/hooks', '3', 'load-folder-taken'],
    ['services: generated/shop/mine', '3', 'load-folder-taken'],
    ['templates: /', '3', 'load-outside-project'],
    ['templates: ./none', '3', 'load-missing-file'],
    ['templates: ./products/feature.yaml', '3', 'load-missing-file'],
    ['contracts: ["/**/feature.yaml"]', '3', 'load-outside-project'],
    ['contracts: ["../../../**/feature.yaml"]', '3', 'load-outside-project'],
  ])('are refused at their line when they lead out or belong to others: %s', async (line, at, rule) => {
    const before = readdirSync(world.cwd);
    const above = readdirSync(`${world.cwd}/..`).filter((name) => name === 'x');
    expect(await settle(line).run(generate)).toBe(2);
    expect(world.text).toMatch(
      new RegExp(`contracts/shop/seamwright\\.yaml:${at === '' ? '1:1' : '3:\\d+'}: error ${rule}: `),
    );
    expect(readdirSync(world.cwd).filter((name) => name !== '.seamwright')).toEqual(before);
    expect(readdirSync(`${world.cwd}/..`).filter((name) => name === 'x')).toEqual(above);
  });

  it.each(['output', 'services', 'templates'])('are refused behind a link that leads out: %s', async (key) => {
    const elsewhere = new World();
    symlinkSync(elsewhere.cwd, world.path('link'));
    const path = key === 'templates' ? '../../link' : 'link/deep';
    expect(await settle(`${key}: ${path}`).run(generate)).toBe(2);
    expect(world.text).toContain('error load-outside-project');
    expect(readdirSync(elsewhere.cwd)).toEqual([]);
    elsewhere.remove();
  });

  it('never bring in a file by a link among the templates', async () => {
    mkdirSync(world.path('contracts/shop/templates'));
    symlinkSync('/etc/hosts', world.path('contracts/shop/templates/service.hbs'));
    expect(await settle('templates: ./templates').run(generate)).toBe(2);
    expect(world.text).toContain('error load-not-a-file: template "service.hbs" is not a regular file.');
    rmSync(world.path('contracts/shop/templates/service.hbs'));
    symlinkSync('/', world.path('contracts/shop/templates/root'));
    expect(await world.run(generate)).toBe(0);
  });

  it('may be any of the project, also behind a link within it', async () => {
    mkdirSync(world.path('real'));
    symlinkSync(world.path('real'), world.path('link'));
    expect(await settle('output: link/out\nservices: .').run(generate)).toBe(0);
    expect(existsSync(world.path('real/out/shop/service.gen.ts'))).toBe(true);
    expect(existsSync(world.path('shop/main.ts'))).toBe(true);
  });

  it('are the choice of whoever gives them on the command line, but never hold contracts', async () => {
    const elsewhere = new World();
    expect(await world.run(generate, { out: elsewhere.path('out') })).toBe(0);
    expect(existsSync(elsewhere.path('out/shop/service.gen.ts'))).toBe(true);
    for (const out of ['.', 'contracts/shop', '.git', '/'])
      expect([out, await world.run(generate, { out })]).toEqual([out, 2]);
    elsewhere.remove();
  });
});
