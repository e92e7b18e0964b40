import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { generatorIdentity } from '../load/templates.js';
import { sha256 } from './manifest.js';

/** Absolute folder for everything remembered about a workspace, below `.seamwright/` of the working folder. */
export function cacheFolder(dir: string, cwd: string): string {
  return join(cwd, '.seamwright', 'cache', sha256(resolve(cwd, dir)).slice(0, 12));
}

/** Text of a remembered file; undefined when there is none. */
export function recall(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Remembers a text. That it cannot be written, as in a read-only checkout, is not the user's problem: the next run is only slower. */
export function remember(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    hideFromGit(path);
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // See above.
  }
}

/** The folder keeps itself out of commits, so that adopting the tool needs no line in anybody's .gitignore. */
function hideFromGit(path: string): void {
  const [top] = path.split(/(?<=[/\\]\.seamwright)[/\\]/);
  const ignore = join(top ?? dirname(path), '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
}

/**
 * Results by a key that says everything they were made from. All of them lie in one file, read at the first question and written once at the end; what a run did not ask for
 * is dropped, so that the file never grows beyond one run's worth. Losing it costs time, never correctness.
 */
export class Cache {
  private readonly file: string;
  private known: ReadonlyMap<string, string> | undefined;
  private readonly used = new Map<string, string>();
  private fresh = false;

  constructor(folder: string) {
    this.file = join(folder, 'rendered.json');
  }

  get(key: string): string | undefined {
    this.known ??= this.read();
    const value = this.known.get(key) ?? this.used.get(key);
    if (value !== undefined) this.used.set(key, value);
    return value;
  }

  set(key: string, value: string): void {
    this.fresh = true;
    this.used.set(key, value);
  }

  /** Writes the file, unless it says the same already. */
  save(): void {
    if (!this.fresh && this.used.size === (this.known?.size ?? 0)) return;
    remember(this.file, JSON.stringify({ generator: generatorIdentity(), entries: Object.fromEntries(this.used) }));
  }

  private read(): ReadonlyMap<string, string> {
    try {
      const value = JSON.parse(recall(this.file) ?? '') as { readonly generator?: unknown; readonly entries?: unknown };
      // Another version of the generator may have rendered otherwise.
      if (value.generator !== generatorIdentity() || typeof value.entries !== 'object' || value.entries === null)
        return new Map();
      return new Map(
        Object.entries(value.entries).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      );
    } catch {
      return new Map();
    }
  }
}
