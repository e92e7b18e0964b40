import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Cache, cacheFolder } from '../../generator/write/cache.js';

let project: string;
let folder: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'seamwright-cache-'));
  folder = cacheFolder('contracts/shop', project);
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

const filled = (entries: Readonly<Record<string, string>>): void => {
  const cache = new Cache(folder);
  for (const [key, value] of Object.entries(entries)) cache.set(key, value);
  cache.save();
};

it('remembers from run to run, and hides from git', () => {
  filled({ a: '1', __proto__: 'x' });
  expect(new Cache(folder).get('a')).toBe('1');
  expect(new Cache(folder).get('b')).toBeUndefined();
  expect(readFileSync(join(project, '.seamwright/.gitignore'), 'utf8')).toBe('*\n');
});

it('drops what a run did not ask for', () => {
  filled({ a: '1', b: '2' });
  const cache = new Cache(folder);
  cache.get('a');
  cache.save();
  expect(new Cache(folder).get('b')).toBeUndefined();
  expect(new Cache(folder).get('a')).toBe('1');
});

it.each(['', 'not json', '[]', '{"generator":"another","entries":{"a":"1"}}', '{"entries":{"a":1}}'])(
  'counts a file that says %j as empty',
  (text) => {
    filled({ a: '1' });
    writeFileSync(join(folder, 'rendered.json'), text);
    expect(new Cache(folder).get('a')).toBeUndefined();
  },
);

it('does without when it cannot write', () => {
  writeFileSync(join(project, '.seamwright'), 'a file in the way');
  filled({ a: '1' });
  expect(new Cache(folder).get('a')).toBeUndefined();
  expect(existsSync(join(project, '.seamwright'))).toBe(true);
});
