import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generateFiles } from '../../generator/pipeline.js';
import type { RenderedFile } from '../../generator/write/manifest.js';
import { compileErrors } from './compile.js';

// A case is a folder of contracts and, in one file per kind of output, what they must become; UPDATE_CASES=1 writes those anew, to be read in the diff.
const cases = join(dirname(fileURLToPath(import.meta.url)), '../cases/http');

/** Validators are told by what they accept, not by how they are written. */
const isTold = ({ path }: RenderedFile): boolean =>
  /\.(types|operations|client)\.gen\.ts$|\/(clients|server)\.gen\.ts$/.test(path);

describe.each(readdirSync(cases))('%s', (name) => {
  const folder = join(cases, name);
  const generated = generateFiles(folder, { cwd: folder, env: {}, today: '2026-01-01' });

  it('becomes the expected files', async () => {
    const { files, findings } = await generated;
    expect(findings.filter(({ severity, unreadable }) => severity === 'error' || unreadable)).toEqual([]);
    const told = new Map(
      (files ?? []).filter(isTold).map(({ path, content }) => [path.replaceAll('/', '__'), content]),
    );
    const expected = join(folder, 'expected');
    if (process.env.UPDATE_CASES) update(expected, told);
    expect([...told.keys()].sort()).toEqual(existsSync(expected) ? readdirSync(expected).sort() : []);
    for (const [file, content] of told) expect(content, file).toBe(readFileSync(join(expected, file), 'utf8'));
  });

  it('compiles as a strict user compiles it', async () => {
    const { files = [], workspace } = await generated;
    const output = workspace?.settings.output ?? '';
    const owned = files.filter(({ base }) => base === 'output');
    expect(owned.length).toBeGreaterThan(0);
    expect(compileErrors(new Map(owned.map(({ path, content }) => [join(output, path), content])))).toEqual([]);
  });
});

function update(folder: string, files: ReadonlyMap<string, string>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of files) writeFileSync(join(folder, file), content);
}
