import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSafePath } from '../../generator/load/revision/entry.js';
import { Scratch } from '../../generator/load/revision/scratch.js';
import { readTarball, TarballFailure } from '../../generator/load/revision/tarball.js';
import { ScratchRepository } from './scratch-repository.js';

/** One ustar entry; `kind` as tar writes it. */
function entry(name: string, text: string, kind = '0', link = ''): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(kind, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)]);
}

const archive = (...entries: readonly Buffer[]): Buffer => Buffer.concat([...entries, Buffer.alloc(1024)]);

it('reads what tar wrote, with long names in both ways of writing them', () => {
  const long = `${'folder/'.repeat(30)}feature.yaml`;
  const place = new ScratchRepository().write({ [`in/${long}`]: 'name: a\n', 'in/empty.yaml': '' });
  try {
    for (const format of ['gnu', 'pax', 'ustar']) {
      spawnSync('tar', ['--format', format, '-czf', place.path('a.tgz'), '-C', place.path('in'), '.']);
      const { stdout } = spawnSync('cat', [place.path('a.tgz')], { encoding: 'buffer' });
      const files = readTarball(stdout).map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]);
      expect(files.sort(), format).toEqual(
        [
          ['empty.yaml', ''],
          [long, 'name: a\n'],
        ].sort(),
      );
    }
  } finally {
    place.remove();
  }
});

it('leaves out links and devices', () => {
  const packed = archive(
    entry('a.yaml', 'a'),
    entry('b.yaml', '', '2', '/etc/passwd'),
    entry('c', '', '1', 'a.yaml'),
    entry('d', '', '3'),
  );
  expect(readTarball(gzipSync(packed)).map(({ path }) => path)).toEqual(['a.yaml']);
});

it('writes nothing outside its folder', () => {
  const outside = mkdtempSync(join(tmpdir(), 'seamwright-outside-'));
  const scratch = new Scratch();
  try {
    const names = [
      '../up.yaml',
      `${outside}/absolute.yaml`,
      'a/../../up.yaml',
      'C:/x.yaml',
      'a\\..\\b.yaml',
      '.git/config',
      'a/.GIT/hooks/x',
      'x\0y',
      '',
    ];
    const files = [...names, 'inside/ok.yaml'].map((path) => ({ path, bytes: Buffer.from('x') }));
    scratch.write(scratch.within('tree'), files);
    expect(names.filter(isSafePath)).toEqual([]);
    expect(existsSync(join(scratch.folder, 'tree/inside/ok.yaml'))).toBe(true);
    expect(existsSync(join(scratch.folder, 'up.yaml'))).toBe(false);
    expect(existsSync(join(outside, 'absolute.yaml'))).toBe(false);
  } finally {
    scratch.remove();
    rmSync(outside, { recursive: true });
  }
});

it('refuses anything else with a TarballFailure and never hangs', () => {
  const sound = archive(entry('a.yaml', 'a'.repeat(600)), entry('b.yaml', 'b'));
  fc.assert(
    fc.property(fc.nat(sound.length - 1), fc.nat(255), fc.nat(sound.length), (at, byte, length) => {
      const damaged = Buffer.from(sound.subarray(0, length));
      if (at < damaged.length) damaged[at] = byte;
      try {
        readTarball(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(TarballFailure);
      }
    }),
  );
  expect(() => readTarball(archive(entry('a.yaml', 'a'.repeat(600))).subarray(0, 700))).toThrow('cut off');
});
