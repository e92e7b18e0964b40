import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { mayMatter } from './entry.js';
import { refusedRevision } from './finding.js';
import type { Opened, RevisionOptions } from './opened.js';
import { Scratch } from './scratch.js';
import { standsAt } from './standing.js';
import { readTarball, TarballFailure } from './tarball.js';

/** Unpacks a tarball into a private folder. One folder that holds all of it, such as the `package` of npm, does not count. */
export function tarballRevision(path: string, name: string, { cwd, dirs }: RevisionOptions): Opened {
  const scratch = new Scratch();
  try {
    const files = readTarball(readFileSync(path));
    const [top = '', ...others] = new Set(files.map((file) => file.path.split('/')[0] ?? ''));
    const wrapped = others.length === 0 && files.every((file) => file.path.startsWith(`${top}/`));
    const bare = wrapped ? files.map((file) => ({ ...file, path: file.path.slice(top.length + 1) })) : files;
    const root = scratch.within('tree');
    scratch.write(
      root,
      bare.filter((file) => mayMatter(file.path, [''])),
    );
    return {
      revision: {
        name,
        cwd: root,
        standingOf: (dir, system) =>
          standsAt(root, [relative(cwd, dir), ...leadingOff(relative(cwd, dir))], system, dirs),
        close: () => scratch.remove(),
      },
    };
  } catch (error) {
    scratch.remove();
    if (!(error instanceof TarballFailure)) throw error;
    return refusedRevision(`"${name}" cannot be unpacked: ${error.message}.`, 'name a .tgz, .tar.gz or .tar archive.');
  }
}

/** `contracts/shop` may have been packed as `shop`. */
function leadingOff(path: string): readonly string[] {
  const steps = path.split('/');
  return steps.map((_, index) => join(...steps.slice(index + 1), '.')).filter((rest) => rest !== '.');
}
