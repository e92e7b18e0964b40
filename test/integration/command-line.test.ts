import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { shop, World } from '../cli/world.js';

const main = fileURLToPath(new URL('../../generator/cli/main.ts', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const world = new World().write(shop);
const bare = new World();
afterAll(() => {
  world.remove();
  bare.remove();
});

function run(args: readonly string[], cwd = world.cwd) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-C', 'seamwright-source', '--import', tsx, main, ...args],
    { cwd, encoding: 'utf8' },
  );
  expect(stderr).not.toMatch(/\n\s+at /);
  return { status, stdout, stderr };
}

describe('mistakes on the command line', () => {
  it.each([
    [['chek'], 'Did you mean check?'],
    [['check', '--frmat', 'json'], 'Did you mean --format?'],
    [['generate', '--out'], 'argument missing'],
    [['check', '--format', 'jsn'], 'text, json'],
  ])('%j: exit 2 and what was meant', (args, told) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(told);
  });

  it.each([
    [['check', '--format', 'json', '--bogus']],
    [['generate', '--format=json', '--out']],
    [['chek', '--format', 'json']],
    [['check', 'nowhere', '--format', 'json']],
    [['generate', '--format', 'json', '--out', 'contracts']],
  ])('%j: exit 2 and one JSON document', (args) => {
    const { status, stdout } = run(args);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toHaveProperty('findings');
  });

  it('without contracts: exit 2, one JSON document', () => {
    const { status, stdout } = run(['check', '--format', 'json'], bare.cwd);
    expect(status).toBe(2);
    expect(JSON.parse(stdout).findings[0].rule).toBe('load-no-workspace');
  });
});

it('ends quietly when nobody reads on', () => {
  const command = `"$0" "$@" | true; exit "\${PIPESTATUS[0]}"`;
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', command, process.execPath, '-C', 'seamwright-source', '--import', tsx, main, 'check'],
    { cwd: world.cwd, encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
