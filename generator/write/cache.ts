import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { generatorIdentity } from '../load/templates.js';
import { sha256 } from './manifest.js';

/**
 * Results by the hash of what they were made from, below `.seamwright/` of the project. Losing it costs time, never correctness; a damaged entry counts as absent.
 */
export class Cache {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Absolute cache folder for a workspace. */
  static folder(dir: string, cwd: string): string {
    return join(cwd, '.seamwright', 'cache', sha256(resolve(cwd, dir)).slice(0, 12));
  }

  get(key: string): string | undefined {
    try {
      return readFileSync(this.path(key), 'utf8');
    } catch {
      return undefined;
    }
  }

  /** Failure to write is not the user's problem: the next run is only slower. */
  set(key: string, value: string): void {
    const path = this.path(key);
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.hideFromGit();
      writeFileSync(`${path}.${process.pid}`, value);
      renameSync(`${path}.${process.pid}`, path);
    } catch {
      // A read-only checkout works without a cache.
    }
  }

  /** The cache keeps itself out of commits, so that adopting the tool needs no line in anybody's .gitignore. */
  private hideFromGit(): void {
    const ignore = join(dirname(dirname(this.root)), '.gitignore');
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  }

  private path(key: string): string {
    const name = sha256(`${generatorIdentity()}\n${key}`);
    return join(this.root, name.slice(0, 2), name.slice(2));
  }
}
