import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { traces } from './committed.js';
import { ROOT } from './module.js';

it('committed files carry no trace of a machine or a workplace', () => {
  const paths = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
  expect(paths.length).toBeGreaterThan(300);
  const texts = paths.filter((path) => existsSync(join(ROOT, path)) && !path.startsWith('test/house/committed'));
  expect(texts.flatMap((path) => traces(path, readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
});

it.each([
  ['a folder of a home', 'const cases = "/home/me/cases";'],
  ['a temporary folder', 'out: /tmp/out'],
  ['a folder of Windows', 'C:\\Users\\me\\seamwright'],
  ['a private registry', '"resolved": "https://npm-registry.example.com/ajv/-/ajv-8.0.0.tgz"'],
  ['a private host', 'see https://wiki.corp/page'],
  ['a token', `token: ghp_${'a1'.repeat(18)}`],
  ['a conflict', '<<<<<<< ours'],
])('catches %s', (_, line) => {
  expect(traces('sample.txt', line)).toHaveLength(1);
});

it.each([
  ['a route of an API', '  /users/{id}:'],
  ['the public registry', '"resolved": "https://registry.npmjs.org/ajv/-/ajv-8.0.0.tgz"'],
  ['a relative path', 'import x from "./work/y.js"'],
])('allows %s', (_, line) => {
  expect(traces('sample.txt', line)).toEqual([]);
});
