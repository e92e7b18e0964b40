import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../generator/diagnostics/finding.js';
import { formatPosition } from '../../generator/diagnostics/position.js';
import { Files } from '../../generator/load/files.js';
import { loadWorkspace } from '../../generator/load/workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'seamwright-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const project = join(folder, 'project');
mkdirSync(project);
writeFileSync(join(folder, 'secret.yaml'), 'password: x\n');

function read(name: string, content?: string | Uint8Array) {
  if (content !== undefined) writeFileSync(join(project, name), content);
  const files = new Files({ cwd: project, project });
  return { source: files.read(join(project, name)), findings: files.findings.map(brief) };
}

function brief(finding: Finding): string {
  return `${formatPosition(finding.at)} ${finding.rule}`;
}

describe('reading a file', () => {
  it('refuses a symbolic link that leaves the project', () => {
    symlinkSync(join(folder, 'secret.yaml'), join(project, 'leak.yaml'));
    expect(read('leak.yaml')).toEqual({ source: undefined, findings: ['leak.yaml:1:1 load-outside-project'] });
  });

  it('refuses a folder behind a link that leaves the project', () => {
    symlinkSync(folder, join(project, 'up'));
    expect(read('up/secret.yaml').findings).toEqual(['up/secret.yaml:1:1 load-outside-project']);
  });

  it('follows a symbolic link within the project', () => {
    writeFileSync(join(project, 'real.yaml'), 'a: 1\n');
    symlinkSync('real.yaml', join(project, 'alias.yaml'));
    expect(read('alias.yaml').source?.value).toEqual({ a: 1 });
  });

  it('refuses a link to itself', () => {
    symlinkSync('loop.yaml', join(project, 'loop.yaml'));
    expect(read('loop.yaml').findings).toEqual(['loop.yaml:1:1 load-not-a-file']);
  });

  it('reads the same values and positions with CRLF and a byte order mark', () => {
    const text = 'name: x\nentities:\n  Employee:\n    owner: people\n';
    const plain = read('lf.yaml', text).source;
    const crlf = read('crlf.yaml', `\uFEFF${text.replaceAll('\n', '\r\n')}`).source;
    expect(crlf?.value).toEqual(plain?.value);
    expect({ ...crlf?.at(['entities', 'Employee', 'owner']), file: '' }).toEqual({ file: '', line: 4, column: 12 });
    expect(plain?.at(['entities', 'Employee', 'owner'])).toMatchObject({ line: 4, column: 12 });
  });

  it('points at the first byte that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('name: x\ntitle: caf'), Buffer.from([0xe9]), Buffer.from('\n')]);
    expect(read('latin1.yaml', bytes).findings).toEqual(['latin1.yaml:2:11 load-encoding']);
  });

  it('names UTF-16', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('name: x', 'utf16le')]);
    expect(read('utf16.yaml', bytes).findings).toEqual(['utf16.yaml:1:1 load-encoding']);
  });

  it.each([
    ['deep.json', `${'['.repeat(100_000)}`],
    ['deep.yaml', `${'['.repeat(100_000)}`],
    ['deep-block.yaml', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('')],
    ['deep-list.yaml', `${'- '.repeat(5_000)}x\n`],
  ])('refuses the nesting of %s instead of overflowing', (name, text) => {
    const { source, findings } = read(name, text);
    expect(source).toBeUndefined();
    expect(findings[0]).toContain('yaml-syntax');
  });

  it('points at the nearest parent of a value that is not there', () => {
    const { source } = read('near.yaml', 'a:\n  b: 1\n');
    expect(source?.at(['a', 'c', 'd'])).toMatchObject({ line: 2, column: 3 });
    expect(source?.keyAt(['a', 'b'])).toMatchObject({ line: 2, column: 3 });
    expect(source?.at(['a', 'b'])).toMatchObject({ line: 2, column: 6 });
  });

  it('prefers the overlay to the file on disk', async () => {
    const path = join(project, 'over', 'feature.yaml');
    mkdirSync(join(project, 'over'));
    writeFileSync(path, 'name: on-disk\n');
    const { workspace } = await loadWorkspace('over', {
      cwd: project,
      overlay: new Map([[path, 'name: in-editor\n']]),
    });
    expect(workspace?.features[0]?.value.name).toBe('in-editor');
  });
});
