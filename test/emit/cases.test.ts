import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generateFiles } from '../../generator/pipeline.js';
import type { RenderedFile } from '../../generator/write/manifest.js';
import { compileErrors } from './compile.js';

// A case is a folder of contracts and the folder of files they must become; UPDATE_CASES=1 writes the latter anew, to be read in the diff.
const cases = join(dirname(fileURLToPath(import.meta.url)), '../cases/emit');
const names = readdirSync(cases).filter((name) => existsSync(join(cases, name, 'feature.yaml')));

/** Modules of validators and documents have tests of their own, and would drown what a case is about. */
const isTold = (file: RenderedFile): boolean =>
  (/\.ts$/.test(file.path) && !/validate\.gen|^docs\//.test(file.path)) || /^(topology|sagas)\//.test(file.path);

describe.each(names)('%s', (name) => {
  const folder = join(cases, name);
  const generated = generateFiles(folder, { cwd: folder, env: {}, today: '2026-01-01' });

  it('becomes the expected files', async () => {
    const { files, findings } = await generated;
    expect(findings.filter((finding) => finding.severity === 'error' || finding.unreadable)).toEqual([]);
    const told = new Map((files ?? []).filter(isTold).map((file) => [`${file.base}/${file.path}`, file.content]));
    if (process.env.UPDATE_CASES) update(join(folder, 'expected'), told);
    const expected = new Map(
      listed(join(folder, 'expected')).map((path) => [path, readFileSync(join(folder, 'expected', path), 'utf8')]),
    );
    expect([...told.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [path, content] of told) expect(content, path).toBe(expected.get(path));
  });

  it('compiles as a strict user compiles it', async () => {
    const { files = [], workspace } = await generated;
    expect(files.length).toBeGreaterThan(0);
    const folders = { output: workspace?.settings.output ?? '', services: workspace?.settings.services ?? '' };
    expect(compileErrors(new Map(files.map((file) => [join(folders[file.base], file.path), file.content])))).toEqual(
      [],
    );
    // The first one reads every type of the runtime.
  }, 60_000);

  it('is the same, byte for byte, the second time', async () => {
    const again = await generateFiles(folder, { cwd: folder, env: {}, today: '2026-12-31' });
    expect(again.files).toEqual((await generated).files);
    expect(again.fingerprint).toBe((await generated).fingerprint);
  });
});

function listed(folder: string, below = ''): readonly string[] {
  if (!existsSync(join(folder, below))) return [];
  return readdirSync(join(folder, below)).flatMap((entry) => {
    const path = below === '' ? entry : `${below}/${entry}`;
    return statSync(join(folder, path)).isDirectory() ? listed(folder, path) : [path];
  });
}

function update(folder: string, files: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
