import { mkdirSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { breakingCommand } from '../../generator/cli/commands/breaking.js';
import { checkCommand } from '../../generator/cli/commands/check.js';
import { ScratchRepository } from '../breaking/scratch-repository.js';
import { shop, World } from './world.js';

let repository: ScratchRepository;
let world: World;

const feature = 'contracts/shop/products/feature.yaml';
const before = `${shop[feature]}constants: { LIMIT: 900 }\n`;
const limited = before.replace('900', '600');
const moved = before.replace('owner: catalogue', 'owner: stock');

beforeEach(() => {
  repository = new ScratchRepository({ ...shop, [feature]: before });
  world = new World();
});

afterEach(() => {
  world.remove();
  repository.remove();
});

const run = (options: Record<string, unknown> = {}, args: readonly string[] = []) =>
  world.run(breakingCommand, options, args, { cwd: repository.dir, env: repository.env });

interface Json {
  readonly findings: readonly {
    rule: string;
    severity: string;
    level?: string;
    change?: string;
    affected?: { service: string }[];
  }[];
  readonly waived: readonly { change: string; waiver: { reason: string; approvedBy: string } }[];
  readonly requiredBumps: readonly { feature: string; from: string; to: string; done: boolean }[];
  readonly deployOrder: readonly { tier: number; services: string[]; why: string }[];
  readonly workspaces: readonly { system: string; new: boolean }[];
  readonly summary: Record<string, number>;
}

async function json(expected: number, options: Record<string, unknown> = {}): Promise<Json> {
  expect(await run({ format: 'json', ...options })).toBe(expected);
  expect(world.out).toHaveLength(1);
  return JSON.parse(world.text) as Json;
}

it('says nothing of a change that changes nothing, and of comments', async () => {
  repository.write({ [feature]: `# words\n${before}` });
  expect(await run()).toBe(0);
  expect(world.text).toMatch(/^no changes, compared with main@[0-9a-f]{7} in 1\.0 s$/);
  expect((await json(0)).findings).toEqual([]);
});

it('names what breaks, whom, the version and the order', async () => {
  repository.write({ [feature]: moved });
  const { findings, requiredBumps, deployOrder, summary } = await json(1);
  const move = findings.find(({ rule }) => rule === 'entity-owner-moved');
  expect(move).toMatchObject({ severity: 'error', level: 'major', change: 'entity-owner-moved entity:Product' });
  expect(move?.affected?.map(({ service }) => service)).toContain('shop');
  expect(findings.map(({ rule }) => rule)).toContain('version-not-bumped');
  expect(requiredBumps).toMatchObject([{ feature: 'products', from: '1.0.0', to: '2.0.0', done: false }]);
  expect(deployOrder.map(({ services }) => services.join())).toContain('shop');
  expect(deployOrder.map(({ tier }) => tier)).toEqual(deployOrder.map((_, index) => index + 1));
  expect(summary.errors).toBe((summary.breaking ?? 0) + 1);
});

it('takes back the error about the version once it says so, and still calls it a break', async () => {
  repository.write({ [feature]: limited.replace('version: 1.0.0', 'version: 2.0.0') });
  const { findings, requiredBumps } = await json(1);
  expect(findings.map(({ rule }) => rule)).toEqual(['constant-changed']);
  expect(requiredBumps).toMatchObject([{ to: '2.0.0', done: true }]);
});

it.each(['constant-changed constant:LIMIT', 'constant-changed LIMIT'])('accepts "%s" until its day', async (change) => {
  const waiver = `accept_breaking:\n  - { change: '${change}', reason: agreed, until: 2026-01-01, approved_by: team-shop }\n`;
  repository.write({ [feature]: limited + waiver });
  const { findings, waived } = await json(0);
  expect(findings).toMatchObject([{ rule: 'version-not-bumped', severity: 'warning' }]);
  expect(waived).toMatchObject([
    { change: 'constant-changed constant:LIMIT', waiver: { reason: 'agreed', approvedBy: 'team-shop' } },
  ]);
  repository.write({ [feature]: limited + waiver.replace('2026-01-01', '2025-12-31') });
  expect((await json(1)).findings.map(({ rule }) => rule)).toEqual([
    'constant-changed',
    'waiver-expired',
    'version-not-bumped',
  ]);
});

it('tells only of what this branch did', async () => {
  repository.git('checkout', '--quiet', '-b', 'mine');
  repository.commit({ 'other.txt': '' });
  repository.git('checkout', '--quiet', 'main');
  repository.commit({ [feature]: moved });
  repository.git('checkout', '--quiet', 'mine');
  expect(await run({ against: 'main' })).toBe(0);
  expect(world.text).toContain('(where this branch left main)');
});

it('says that a workspace is new', async () => {
  repository.write({
    'contracts/new/seamwright.yaml': 'seamwright: "1"\nsystem: new\n',
    'contracts/new/a/feature.yaml': 'name: a\n',
  });
  const { workspaces, findings } = await json(0);
  expect(findings).toEqual([]);
  expect(workspaces).toMatchObject([
    { system: 'new', new: true },
    { system: 'shop', new: false },
  ]);
});

it('takes the default revision from seamwright.yaml', async () => {
  repository.git('tag', 'release');
  repository.commit({ [feature]: moved });
  expect(await run()).toBe(0);
  repository.write({
    'contracts/shop/seamwright.yaml': 'seamwright: "1"\nsystem: shop\nbreaking: { against: release }\n',
  });
  expect(await run()).toBe(1);
  expect(world.text).toContain('compared with release@');
});

it('compares old contracts as far as they can be read today', async () => {
  const base = repository.commit({
    'contracts/shop/broken/feature.yaml': 'name: broken\nno_such_key: 1\n',
    'contracts/shop/seamwright.yaml': 'seamwright: "1"\nsystem: shop\nno_such_setting: 1\n',
  });
  repository.git('rm', '--quiet', 'contracts/shop/broken/feature.yaml');
  repository.write({ ...shop, [feature]: limited });
  const { findings } = await json(1, { against: base });
  expect(findings.map(({ rule }) => rule)).toEqual(['revision-incomplete', 'constant-changed', 'version-not-bumped']);
});

it.each(['text', 'json', 'markdown', 'github', 'sarif', 'junit'])(
  'exits 2 on an unknown revision, as %s',
  async (format) => {
    expect(await run({ format, against: 'nowhere' })).toBe(2);
    expect(world.text).toContain('nowhere');
  },
);

it('exits 2 when the contracts of today cannot be read', async () => {
  repository.write({ [feature]: 'name: [\n' });
  expect((await json(2)).findings.map(({ rule }) => rule)).toContain('yaml-syntax');
});

it('leaves nothing behind, whatever happens', async () => {
  const { TMPDIR } = process.env;
  mkdirSync(repository.path('tmp'));
  process.env.TMPDIR = repository.path('tmp');
  try {
    await run();
    repository.write({ [feature]: limited });
    await run();
    const failing = {
      progress: () => {
        throw new Error('stop');
      },
    };
    await expect(
      world.run(breakingCommand, {}, [], { cwd: repository.dir, env: repository.env, ...failing }),
    ).rejects.toThrow('stop');
    expect(readdirSync(repository.path('tmp'))).toEqual([]);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
});

it('is quiet when nothing is to be said', async () => {
  expect(await run({ quiet: true })).toBe(0);
  expect(world.out).toEqual([]);
});

it('says that nothing could be compared, where a side cannot be read, instead of that nothing has changed', async () => {
  repository.write({ [feature]: 'name: [' });
  expect(await run()).toBe(2);
  expect(world.text).toContain('yaml-syntax');
  expect(world.text).toMatch(/nothing could be compared with main@[0-9a-f]{7} in 1\.0 s$/);
  expect(world.text).not.toContain('no changes');
  await run({ format: 'markdown' });
  expect(world.text).toContain('<sub>nothing could be compared with');
  repository.commit({ [feature]: 'name: [' }, 'broken');
  repository.write({ [feature]: before });
  expect(await run({ against: 'HEAD' })).toBe(2);
  expect(world.text).toContain('cannot be read today, so nothing could be compared');
  expect(world.text).toMatch(/nothing could be compared with HEAD@?\S* in 1\.0 s$/);
});

describe('rules: of seamwright.yaml', () => {
  const settings = (rules: string): Record<string, string> => ({
    'contracts/shop/seamwright.yaml': `seamwright: "1"\nsystem: shop\nrules: { ${rules} }\n`,
  });
  const changed = limited.replace('version: 1.0.0', 'version: 2.0.0');

  it.each([
    ['constant-changed: warning', 0, ['constant-changed']],
    ['constant-changed: "off"', 0, []],
    ['constant-changed: error', 1, ['constant-changed']],
  ] as const)('%s: ends with %i', async (rules, exitCode, expected) => {
    repository.write({ [feature]: changed, ...settings(rules) });
    const { findings } = await json(exitCode);
    expect(findings.map(({ rule }) => rule)).toEqual(expected);
  });

  it('sets what is found about versions', async () => {
    repository.write({ [feature]: limited, ...settings('constant-changed: info, version-not-bumped: warning') });
    const { findings } = await json(0);
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['constant-changed', 'info'],
      ['version-not-bumped', 'warning'],
    ]);
  });

  it('knows these rules when contracts are checked, and no others', async () => {
    repository.write(settings('constant-changed: warning, version-not-bumped: warning, constant-chanced: info'));
    await world.run(checkCommand, { format: 'json' }, [], { cwd: repository.dir, env: repository.env });
    const unknown = (JSON.parse(world.text) as Json).findings.filter(({ rule }) => rule === 'rule-unknown');
    expect(unknown).toHaveLength(1);
    expect(unknown[0]).toMatchObject({ message: expect.stringContaining('"constant-chanced"') });
  });
});
