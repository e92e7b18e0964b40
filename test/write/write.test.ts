import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifestText, type RenderedFile } from '../../generator/write/manifest.js';
import { type Move, moveIntoPlace } from '../../generator/write/stage.js';
import { findDrift, type WriteTarget, writeFiles } from '../../generator/write/write.js';

let project: string;
let target: WriteTarget;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'seamwright-write-'));
  target = {
    output: join(project, 'generated/shop'),
    shown: 'generated/shop',
    services: join(project, 'services/shop'),
    shownServices: 'services/shop',
    generator: '1.0.0',
    fingerprint: 'f',
  };
});

afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

const owned = (path: string, content = `${path}\n`): RenderedFile => ({
  base: 'output',
  path,
  ownership: 'owned',
  source: 'contracts/shop/feature.yaml',
  emitter: 'test',
  content,
});
const skeleton = (path: string, content = `${path}\n`): RenderedFile => ({
  ...owned(path, content),
  base: 'services',
  ownership: 'once',
});
const plan = [owned('a.gen.ts'), owned('sales/b.gen.ts'), skeleton('sales/main.ts')];
const write = (files: readonly RenderedFile[] = plan, force = false) => writeFiles(target, files, { force });
const drift = async (files: readonly RenderedFile[] = plan) =>
  (await findDrift(target, files)).map(({ path, state }) => `${path} ${state}`);
const output = (path: string): string => join(target.output, path);

const folder = (path: string): string => {
  mkdirSync(output(path), { recursive: true });
  return output(path);
};
const moves = (content: string): readonly Move[] =>
  ['a.gen.ts', 'new.gen.ts'].map((path) => ({ to: output(path), within: target.output, content, path }));

describe('writing', () => {
  it('writes what is missing, and nothing the second time', async () => {
    const first = await write();
    expect(first.written).toEqual(['a.gen.ts', 'sales/b.gen.ts']);
    expect(first.skeletons).toEqual(['sales/main.ts']);
    const before = statSync(output('a.gen.ts')).mtimeMs;
    const second = await write();
    expect(second).toMatchObject({ written: [], deleted: [], skeletons: [], unchanged: 2, findings: [] });
    expect(statSync(output('a.gen.ts')).mtimeMs).toBe(before);
  });

  it('replaces a file of its own when the contracts say something else, and leaves the others alone', async () => {
    await write();
    const untouched = statSync(output('sales/b.gen.ts')).ino;
    const report = await write([owned('a.gen.ts', 'new\n'), owned('sales/b.gen.ts'), skeleton('sales/main.ts')]);
    expect(report.written).toEqual(['a.gen.ts']);
    expect(readFileSync(output('a.gen.ts'), 'utf8')).toBe('new\n');
    expect(statSync(output('sales/b.gen.ts')).ino).toBe(untouched);
  });

  it('never touches a skeleton again', async () => {
    await write();
    const path = join(target.services, 'sales/main.ts');
    writeFileSync(path, 'mine\n');
    await write([...plan.slice(0, 2), skeleton('sales/main.ts', 'another first version\n')], true);
    expect(readFileSync(path, 'utf8')).toBe('mine\n');
  });

  it('deletes what no contract asks for any more, and the folders that are left empty', async () => {
    await write();
    const report = await write([owned('a.gen.ts')]);
    expect(report.deleted).toEqual(['sales/b.gen.ts']);
    expect(existsSync(output('sales'))).toBe(false);
  });

  it('refuses to overwrite a hand-edited file, and writes nothing else either', async () => {
    await write();
    writeFileSync(output('a.gen.ts'), 'edited\n');
    const report = await write([owned('a.gen.ts', 'new\n'), owned('sales/b.gen.ts', 'new\n')]);
    expect(report.findings).toMatchObject([
      { rule: 'generated-file-edited', severity: 'error', at: { file: 'generated/shop/a.gen.ts' } },
    ]);
    expect(readFileSync(output('a.gen.ts'), 'utf8')).toBe('edited\n');
    expect(readFileSync(output('sales/b.gen.ts'), 'utf8')).toBe('sales/b.gen.ts\n');
    await write([owned('a.gen.ts', 'new\n'), owned('sales/b.gen.ts', 'new\n')], true);
    expect(readFileSync(output('a.gen.ts'), 'utf8')).toBe('new\n');
  });

  it('leaves files of others, and orphans that were edited, where they are', async () => {
    await write();
    writeFileSync(output('notes.txt'), 'mine');
    writeFileSync(output('sales/b.gen.ts'), 'edited');
    const report = await write([owned('a.gen.ts')]);
    expect(report.findings.map((finding) => [finding.rule, finding.at.file])).toEqual([
      ['generated-folder-foreign-file', 'generated/shop/notes.txt'],
      ['generated-folder-foreign-file', 'generated/shop/sales/b.gen.ts'],
    ]);
    expect(existsSync(output('notes.txt')) && existsSync(output('sales/b.gen.ts'))).toBe(true);
  });

  it('leaves the output as it was when a file cannot be put in place', async () => {
    await write();
    // A folder stands where a file is to be: renaming onto it fails, staging does not.
    rmSync(output('sales'), { recursive: true });
    writeFileSync(output('sales'), 'in the way');
    const report = await write([owned('a.gen.ts', 'new\n'), owned('sales/b.gen.ts', 'new\n')], true);
    expect(report.findings).toMatchObject([
      {
        rule: 'generated-file-blocked',
        severity: 'error',
        message: expect.stringContaining('a file stands where its folder must be'),
        at: { file: 'generated/shop/sales/b.gen.ts' },
      },
    ]);
    expect(readFileSync(output('a.gen.ts'), 'utf8')).toBe('a.gen.ts\n');
    expect(readdirSync(dirname(target.output))).toEqual(['shop']);
  });

  it.each([
    ['a folder in the place of a file', () => folder('a.gen.ts/x'), 'a folder stands there'],
    ['a file in the place of the output', () => writeFileSync(join(folder('..'), 'shop'), ''), 'a file stands where'],
    ['a file above the output', () => writeFileSync(dirname(target.output), ''), 'a file stands where'],
    ['a link to nowhere', () => symlinkSync('nowhere', join(folder('.'), 'sales')), 'leads nowhere'],
  ])('names %s, and writes nothing', async (_, block, told) => {
    block();
    const report = await write();
    expect(report.written).toEqual([]);
    expect(report.findings[0]).toMatchObject({
      rule: 'generated-file-blocked',
      message: expect.stringContaining(told),
    });
    expect(existsSync(target.services)).toBe(false);
    expect((await drift()).length).toBeGreaterThan(0);
  });

  it('names a file in the place of the services folder', async () => {
    writeFileSync(join(project, 'services'), '');
    expect((await write()).findings).toMatchObject([{ at: { file: 'services/shop/sales/main.ts' } }]);
    expect(existsSync(target.output)).toBe(false);
  });

  it.each([
    ['a link', (path: string) => symlinkSync('/dev/zero', path)],
    ['a link to nowhere', (path: string) => symlinkSync('nowhere', path)],
    ['a pipe', (path: string) => void execFileSync('mkfifo', [path])],
  ])('takes %s in the place of a file as an edit, and never reads it', async (_, put) => {
    await write();
    rmSync(output('a.gen.ts'));
    put(output('a.gen.ts'));
    put(output('stray'));
    expect(await drift()).toEqual(['a.gen.ts edited', 'stray orphan']);
    expect((await write()).findings).toMatchObject([{ rule: 'generated-file-edited' }]);
    await write(plan, true);
    expect(readFileSync(output('a.gen.ts'), 'utf8')).toBe('a.gen.ts\n');
  });

  it.each([
    '',
    'null',
    '[]',
    '{"files":null}',
    '{"files":{"a.gen.ts":null}}',
    '{"files":{"../../x":{"sha256":"","source":1}}}',
    '<<<<<<< ours',
  ])('recovers from a damaged manifest: %s', async (text) => {
    await write();
    writeFileSync(output('manifest.json'), text);
    expect((await write()).findings).toEqual([]);
    expect(await drift()).toEqual([]);
  });

  it('never replaces the manifest of something else', async () => {
    mkdirSync(target.output, { recursive: true });
    writeFileSync(output('manifest.json'), '{ "name": "web app", "icons": [] }');
    expect((await write()).findings).toMatchObject([{ rule: 'generated-file-edited' }]);
    expect(readdirSync(target.output)).toEqual(['manifest.json']);
  });

  it('goes on after a run that was killed while moving, though the contracts have changed since', async () => {
    await write();
    // The state that a killed process leaves: one file is new, the manifest still the old one, the staging folder there.
    const next = [owned('a.gen.ts', 'second\n'), owned('sales/b.gen.ts', 'second\n'), plan[2] ?? skeleton('x')];
    const stage = join(dirname(target.output), '.shop.staged-4194305-killed');
    mkdirSync(stage);
    writeFileSync(join(stage, 'manifest.json'), manifestText('1.0.0', 'g', next));
    writeFileSync(output('a.gen.ts'), 'second\n');
    const report = await write([owned('a.gen.ts', 'third\n'), owned('sales/b.gen.ts', 'third\n')]);
    expect(report.findings).toEqual([]);
    expect(readFileSync(output('a.gen.ts'), 'utf8')).toBe('third\n');
    expect(readdirSync(dirname(target.output))).toEqual(['shop']);
  });

  it('puts back what it moved when moving fails halfway', async () => {
    await write();
    const impossible = { to: join(output('a.gen.ts'), 'x'), within: target.output, content: '', path: 'a.gen.ts/x' };
    const full = [...moves('second\n'), impossible];
    await expect(moveIntoPlace(target.output, full, '')).rejects.toThrow();
    expect(readFileSync(output('a.gen.ts'), 'utf8')).toBe('a.gen.ts\n');
    expect(existsSync(output('new.gen.ts'))).toBe(false);
    expect(readdirSync(dirname(target.output))).toEqual(['shop']);
  });

  it('is right after many runs at the same time', async () => {
    const reports = await Promise.all(Array.from({ length: 8 }, () => write()));
    expect(reports.flatMap((report) => report.findings)).toEqual([]);
    expect(await drift()).toEqual([]);
    expect(readdirSync(dirname(target.output))).toEqual(['shop']);
  });

  it('never writes through a link that leads out of the output', async () => {
    const outside = join(project, 'outside');
    mkdirSync(outside);
    mkdirSync(target.output, { recursive: true });
    symlinkSync(outside, output('sales'));
    const report = await write();
    expect(report.findings.map((finding) => finding.message)).toEqual([
      expect.stringContaining('leads out of its folder'),
    ]);
    expect(readdirSync(outside)).toEqual([]);
  });

  it('removes its staging folder when a permission is denied', async () => {
    if (process.getuid?.() === 0) return; // root is denied nothing
    await write();
    chmodSync(output('sales'), 0o500);
    expect((await write([owned('sales/c.gen.ts')])).findings).toMatchObject([{ rule: 'generated-file-blocked' }]);
    chmodSync(output('sales'), 0o700);
    expect(readdirSync(dirname(target.output))).toEqual(['shop']);
  });
});

describe('drift', () => {
  it('is empty after writing', async () => {
    await write();
    expect(await drift()).toEqual([]);
  });

  it('names each file and what is wrong with it', async () => {
    await write();
    writeFileSync(output('a.gen.ts'), 'edited');
    rmSync(output('sales/b.gen.ts'));
    writeFileSync(output('added.ts'), '');
    expect(await drift()).toEqual(['a.gen.ts edited', 'added.ts orphan', 'sales/b.gen.ts missing']);
  });

  it('tells stale from edited: the contracts changed, not the file', async () => {
    await write();
    expect(await drift([owned('a.gen.ts', 'new\n'), ...plan.slice(1)])).toEqual([
      'a.gen.ts stale',
      'manifest.json stale',
    ]);
  });

  it('counts an edited manifest, and a missing one', async () => {
    await write();
    writeFileSync(output('manifest.json'), '{}\n');
    expect(await drift()).toEqual(['manifest.json stale']);
    rmSync(output('manifest.json'));
    expect(await drift()).toEqual(['manifest.json missing']);
  });

  it('does not read a file of the same content as an edit, whatever the manifest says', async () => {
    await write();
    writeFileSync(output('manifest.json'), 'not json');
    expect((await drift()).filter((line) => line.includes('edited'))).toEqual([]);
  });
});
