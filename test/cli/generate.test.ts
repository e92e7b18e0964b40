import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from '../../generator/cli/commands/generate.js';
import { shop, World } from './world.js';

let world: World;

beforeEach(() => {
  world = new World().write(shop);
});

afterEach(() => {
  world.remove();
});

const featurePath = 'contracts/shop/products/feature.yaml';
const generatedFile = 'generated/shop/shop/consumers.gen.ts';

describe('seamwright generate', () => {
  it('writes the output, names the skeletons, and has nothing to do the second time', async () => {
    expect(await world.run(generate)).toBe(0);
    expect(world.text).toMatch(/generated\/shop: \d+ written, 0 deleted, 0 unchanged/);
    expect(world.text).toContain('new, yours to fill in: shop/main.ts');
    expect(await world.run(generate)).toBe(0);
    expect(world.text).toContain('generated/shop: up to date');
    expect(world.text).not.toContain('yours to fill in');
  });

  it('says again, when nothing has changed, what it had to say', async () => {
    await world.run(generate);
    const said = world.out.slice(0, -3);
    expect(world.text).toContain('warning');
    await world.run(generate);
    expect(world.out[0]).toBe(said[0]);
  });

  it('notices a changed contract, a new contract, and a contract that is gone', async () => {
    await world.run(generate);
    world.write({ [featurePath]: readFileSync(world.path(featurePath), 'utf8').replace('[shop]', '[shop, search]') });
    await world.run(generate);
    expect(existsSync(world.path('generated/shop/search/consumers.gen.ts'))).toBe(true);
    world.write({
      'contracts/shop/more/feature.yaml': 'name: more\nversion: 1.0.0\nentities: { Shelf: { owner: shop } }\n',
    });
    await world.run(generate);
    expect(readFileSync(world.path('generated/shop/system.gen.json'), 'utf8')).toContain('"Shelf"');
    rmSync(world.path('contracts/shop/more'), { recursive: true });
    await world.run(generate);
    expect(readFileSync(world.path('generated/shop/system.gen.json'), 'utf8')).not.toContain('"Shelf"');
  });

  it('writes nothing over a file that was edited, unless forced', async () => {
    await world.run(generate);
    writeFileSync(world.path(generatedFile), '// mine\n');
    expect(await world.run(generate)).toBe(1);
    expect(world.text).toContain(`${generatedFile}:1:1: error generated-file-edited`);
    expect(readFileSync(world.path(generatedFile), 'utf8')).toBe('// mine\n');
    expect(await world.run(generate, { force: true })).toBe(0);
    expect(readFileSync(world.path(generatedFile), 'utf8')).not.toBe('// mine\n');
  });

  it('exits 1 on an error of a rule, and writes nothing', async () => {
    world.write({
      [featurePath]: readFileSync(world.path(featurePath), 'utf8').replace('ProductChanged', 'ProductMoved'),
    });
    expect(await world.run(generate)).toBe(1);
    expect(world.text).toMatch(/feature\.yaml:\d+:\d+: error message-undeclared/);
    expect(existsSync(world.path('generated'))).toBe(false);
  });

  it('exits 2 on input that cannot be read, with file, line and column, and leaves the output as it was', async () => {
    await world.run(generate);
    const before = readFileSync(world.path(generatedFile), 'utf8');
    world.write({ [featurePath]: 'name: products\n  version: [\n' });
    expect(await world.run(generate)).toBe(2);
    expect(world.text).toMatch(/contracts\/shop\/products\/feature\.yaml:\d+:\d+: error yaml-syntax/);
    expect(readFileSync(world.path(generatedFile), 'utf8')).toBe(before);
  });

  it('exits 2 where there is no contract, and says what to do', async () => {
    rmSync(world.path('contracts'), { recursive: true });
    expect(await world.run(generate)).toBe(2);
    expect(world.text).toContain('seamwright init');
  });

  it('prints exactly one JSON document with --format json', async () => {
    expect(await world.run(generate, { format: 'json' })).toBe(0);
    expect(world.out).toHaveLength(1);
    const printed = JSON.parse(world.text) as {
      drift: unknown[];
      findings: { file: string; line: number; rule: string }[];
    };
    expect(printed.drift).toEqual([]);
    expect(printed.findings[0]).toMatchObject({
      file: expect.stringContaining('contracts/shop'),
      line: expect.any(Number),
      rule: expect.any(String),
    });
  });

  it('takes another output folder', async () => {
    expect(await world.run(generate, { out: 'elsewhere' })).toBe(0);
    expect(existsSync(world.path('elsewhere/shop/consumers.gen.ts'))).toBe(true);
    expect(existsSync(world.path('generated'))).toBe(false);
  });

  it('never writes through a link that leads out of the output folder', async () => {
    mkdirSync(world.path('outside'));
    mkdirSync(world.path('generated/shop'), { recursive: true });
    symlinkSync(world.path('outside'), world.path('generated/shop/shop'));
    expect(await world.run(generate)).toBe(1);
    expect(world.text).toContain('leads out of its folder');
    expect(readdirSync(world.path('outside'))).toEqual([]);
  });

  it('keeps naming a file of others as drift, also after generating beside it', async () => {
    await world.run(generate);
    writeFileSync(world.path('generated/shop/notes.md'), '');
    expect(await world.run(generate)).toBe(0);
    expect(world.text).toContain('generated-folder-foreign-file');
    expect(await world.run(generate, { check: true })).toBe(1);
    expect(world.text).toContain('notes.md: orphan');
  });

  it('marks the output as ES modules when the package around it is CommonJS', async () => {
    world.write({ 'package.json': '{ "name": "user" }\n' });
    await world.run(generate);
    expect(JSON.parse(readFileSync(world.path('generated/shop/package.json'), 'utf8'))).toEqual({ type: 'module' });
  });

  it('reaches generated code through the alias where package.json has one', async () => {
    world.write({ 'package.json': '{ "type": "module", "imports": { "#generated/*": "./generated/*" } }\n' });
    await world.run(generate);
    expect(readFileSync(world.path('services/shop/shop/main.ts'), 'utf8')).toContain(
      "'#generated/shop/shop/service.gen.js'",
    );
  });
});

describe('templates of the user', () => {
  const settings = 'seamwright: "1"\nsystem: shop\ntemplates: ./templates\n';

  it('replace same-named ones', async () => {
    world.write({
      'contracts/shop/seamwright.yaml': settings,
      'contracts/shop/templates/partials/header.hbs': '// ours, from {{source}}\n',
    });
    expect(await world.run(generate)).toBe(0);
    expect(readFileSync(world.path(generatedFile), 'utf8')).toMatch(
      /^\/\/ ours, from contracts\/shop\/products\/feature\.yaml\n/,
    );
  });

  it.each([
    ['a helper with arguments', '{{lookup this "constructor"}}'],
    ['a block that is no each, if or unless', '{{#with this}}{{/with}}'],
    ['a block that is never closed', '{{#if source}}'],
  ])('are refused for %s, with their place, and nothing is written', async (_, text) => {
    world.write({
      'contracts/shop/seamwright.yaml': settings,
      'contracts/shop/templates/service.hbs': `line one\n${text}\n`,
    });
    expect(await world.run(generate)).toBe(2);
    expect(world.text).toMatch(/contracts\/shop\/templates\/service\.hbs:\d:1: error template-law/);
    expect(existsSync(world.path('generated'))).toBe(false);
  });

  it('that replace nothing are pointed out', async () => {
    world.write({ 'contracts/shop/seamwright.yaml': settings, 'contracts/shop/templates/servce.hbs': '' });
    await world.run(generate);
    expect(world.text).toContain('Template "servce" replaces nothing.');
  });
});

describe('seamwright generate --check', () => {
  const check = (options = {}) => world.run(generate, { check: true, ...options });

  it('holds after generating, and writes nothing', async () => {
    expect(await check()).toBe(1);
    expect(existsSync(world.path('generated'))).toBe(false);
    await world.run(generate);
    expect(await check()).toBe(0);
  });

  it.each([
    [
      'edited',
      () => writeFileSync(world.path(generatedFile), '// mine\n'),
      /consumers\.gen\.ts: edited: it was changed by hand/,
    ],
    ['missing', () => rmSync(world.path(generatedFile)), /consumers\.gen\.ts: missing/],
    [
      'added',
      () => writeFileSync(world.path('generated/shop/notes.md'), ''),
      /notes\.md: orphan: no contract asks for it/,
    ],
    [
      'stale',
      () =>
        void world.write({
          [featurePath]: readFileSync(world.path(featurePath), 'utf8').replace(
            '[shop]',
            '[{ service: shop, fields: [id] }]',
          ),
        }),
      /consumers\.gen\.ts: stale/,
    ],
  ])('names a file that is %s, and why', async (_, change, told) => {
    await world.run(generate);
    change();
    expect(await check()).toBe(1);
    expect(world.text).toMatch(told);
    await check({ format: 'json' });
    const { drift } = JSON.parse(world.text) as { drift: { path: string; state: string; source: string }[] };
    expect(drift.length).toBeGreaterThan(0);
    expect(Object.keys(drift[0] ?? {}).sort()).toEqual(['path', 'source', 'state']);
  });
});
