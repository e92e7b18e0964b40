import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../generator/compat/change.js';
import { diff } from '../../generator/compat/diff.js';
import { randomStream } from '../../generator/schema/random.js';
import { loadModel } from './load-model.js';
import { inlined, redescribed, shuffled } from './rewrites.js';

const ROOT = join(import.meta.dirname, '../..');

/** Every workspace of this repository that can be loaded, however odd. */
const folders = ['contracts', 'test/cases/load', 'test/cases/emit', 'test/cases/http'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name)),
);
const rules = readdirSync(join(ROOT, 'test/cases/check')).flatMap((rule) =>
  ['fails', 'clean', 'input'].map((name) => join('test/cases/check', rule, name)),
);

describe('a model differs from itself in nothing', () => {
  it.each([...folders, ...rules.filter((folder) => existsSync(join(ROOT, folder)))])('%s', async (folder) => {
    const before = await loadModel(join(ROOT, folder));
    const after = await loadModel(join(ROOT, folder));
    if (before === undefined || after === undefined) return;
    expect(diff(before, after)).toEqual([]);
    expect(diff(before, before)).toEqual([]);
  });
});

describe('what is only written otherwise is no difference', () => {
  const written = folders.filter((folder) => !folder.startsWith('test/cases/load'));

  it.each(written)('keys in another order: %s', async (folder) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { next } = randomStream(seed);
        expect(await rewritten(folder, (_, document) => shuffled(document, next))).toEqual([]);
      }),
      { numRuns: 3 },
    );
  });

  it.each(written)('other words: %s', async (folder) => {
    expect(await rewritten(folder, (_, document) => redescribed(document))).toEqual([]);
  });

  it.each(written)('schemas written in place: %s', async (folder) => {
    expect(await rewritten(folder, inlined)).toEqual([]);
  });
});

/** What differs when every document of a folder is written in another way. */
async function rewritten(
  folder: string,
  write: (file: string, document: unknown) => unknown,
): Promise<readonly Change[]> {
  const dir = join(ROOT, folder);
  const before = await loadModel(dir);
  if (before === undefined) return [];
  const overlay = [...before.documents].map(
    ([path, document]) => [path, JSON.stringify(write(path, document), null, 1)] as const,
  );
  const after = await loadModel(dir, new Map(overlay));
  if (after === undefined) throw new Error(`${folder} can no longer be read`);
  expect(after.messages.size).toBe(before.messages.size);
  return diff(before, after);
}
