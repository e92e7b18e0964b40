import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findWorkspaces } from '../../generator/load/find.js';
import { globToRegExp } from '../../generator/load/walk.js';

const folder = mkdtempSync(join(tmpdir(), 'seamwright-find-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tree(name: string, files: readonly string[]): string {
  for (const file of files) {
    const path = join(folder, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.endsWith('openapi.yaml') ? 'openapi: 3.1.0\n' : '');
  }
  return join(folder, name);
}

function found(cwd: string, ...args: string[]) {
  const { dirs, findings } = findWorkspaces(cwd, args);
  return { dirs: dirs.map((dir) => dir.slice(cwd.length + 1)), rules: findings.map((finding) => finding.rule) };
}

describe('finding workspaces', () => {
  const many = tree('many', [
    'contracts/a/seamwright.yaml',
    'contracts/b/seamwright.yml',
    'node_modules/x/seamwright.yaml',
    'generated/seamwright.yaml',
    '.hidden/seamwright.yaml',
    'test/cases/seamwright.yaml',
  ]);

  it('takes every folder with a seamwright.yaml, but none of tests, packages and output', () => {
    expect(found(many)).toEqual({ dirs: ['contracts/a', 'contracts/b'], rules: [] });
  });

  it('takes what is named, and what lies below it', () => {
    expect(found(many, 'test/cases').dirs).toEqual(['test/cases']);
    expect(found(many, 'contracts').dirs).toEqual(['contracts/a', 'contracts/b']);
    expect(found(many, 'contracts/b/seamwright.yml').dirs).toEqual(['contracts/b']);
  });

  it('takes the folder itself when it holds contracts and no settings', () => {
    expect(found(tree('bare', ['deep/people.openapi.yaml']))).toEqual({ dirs: [''], rules: [] });
  });

  it('says what to do when there is nothing', () => {
    expect(found(tree('nothing', ['readme.md'])).rules).toEqual(['load-no-workspace']);
    expect(found(many, 'missing').rules).toEqual(['load-no-workspace']);
  });
});

it.each([
  ['**/feature.yaml', 'feature.yaml', true],
  ['**/feature.yaml', 'a/b/feature.yaml', true],
  ['**/feature.yaml', 'a/my-feature.yaml', false],
  ['*/features/*/feature.yaml', 'api/features/login/feature.yaml', true],
  ['*/features/*/feature.yaml', 'api/x/features/login/feature.yaml', false],
  ['*.{openapi,asyncapi}.y?ml', 'people.openapi.yaml', true],
  ['*.{openapi,asyncapi}.y?ml', 'people.openapi.json', false],
  ['a+(b).yaml', 'a+(b).yaml', true],
])('glob %s on %s is %s', (glob, path, matches) => {
  expect(globToRegExp(glob).test(path)).toBe(matches);
});
