import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** The folder that output paths hang from: that of the nearest package.json above `root`, else `cwd` when it encloses `root`, else `root` itself. */
export function projectOf(root: string, cwd: string): string {
  for (let dir = root; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
    if (dir === dirname(dir)) break;
  }
  return encloses(cwd, root) ? cwd : root;
}

/** Whether `path` is `folder` or lies below it; both absolute, symbolic links not followed. */
export function encloses(folder: string, path: string): boolean {
  const between = relative(folder, path);
  return between === '' || (between !== '..' && !between.startsWith(`..${sep}`) && between !== path);
}
