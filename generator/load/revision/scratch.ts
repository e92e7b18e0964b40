import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isSafePath, type RevisionFile } from './entry.js';

/** A folder outside of every repository that only this user may enter, gone with `remove`. */
export class Scratch {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'seamwright-revision-')));

  /** A folder in it; made when it is not there. */
  within(path: string): string {
    const folder = join(this.folder, path);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Writes plain files below `folder`; a path that would lead out of it is left out. */
  write(folder: string, files: Iterable<RevisionFile>): void {
    const made = new Set<string>();
    for (const { path, bytes } of files) {
      if (!isSafePath(path)) continue;
      const target = join(folder, path);
      const parent = dirname(target);
      if (!made.has(parent)) mkdirSync(parent, { recursive: true });
      made.add(parent);
      writeFileSync(target, bytes, { mode: 0o600 });
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
