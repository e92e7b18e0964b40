import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface OldTree {
  /** Folder of the old contracts in the copy; absolute. */
  readonly workspace: string;
  /** Deletes the copy. */
  close(): void;
}

/** Not part of a revision, or made from it. */
const leftOut = new Set(['node_modules', '.git', '.seamwright']);

/**
 * Copies an old revision into a private folder in which its modules resolve: its own imports (`#generated/*`) to its own files, packages to those that are
 * installed for `project` today, `seamwright` to this very package, since values of two runtimes cannot meet on one broker.
 * `root`: folder of the whole revision; `workspace`: folder of contracts below it; all absolute.
 */
export function copyOldTree(root: string, workspace: string, project: string): OldTree {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'seamwright-mixed-')));
  const close = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const tree = join(folder, 'tree');
    cpSync(root, tree, { recursive: true, filter: (path) => path === root || !leftOut.has(basename(path)) });
    const copied = join(tree, relative(root, workspace));
    const home = homeOf(copied, tree);
    rewritePackage(join(home, 'package.json'));
    linkPackages(join(home, 'node_modules'), project);
    return { workspace: copied, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The folder of the nearest package.json, not above `top`. */
function homeOf(folder: string, top: string): string {
  for (let dir = folder; dir !== top; dir = dirname(dir)) if (existsSync(join(dir, 'package.json'))) return dir;
  return top;
}

/** A package that is called like this one would resolve `seamwright/runtime` to itself, and so to a second runtime. */
function rewritePackage(file: string): void {
  const written: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const { imports = { '#generated/*': './generated/*' } } = Object(written) as { readonly imports?: unknown };
  writeFileSync(file, JSON.stringify({ private: true, type: 'module', imports }));
}

/** What a module of the project could import: the packages of its own folder and of those above, the nearest first. */
function linkPackages(into: string, project: string): void {
  const wanted = new Map<string, string>([['seamwright', ownFolder()]]);
  for (let dir = project; ; dir = dirname(dir)) {
    for (const [name, path] of packagesIn(join(dir, 'node_modules'))) if (!wanted.has(name)) wanted.set(name, path);
    if (dir === dirname(dir)) break;
  }
  for (const [name, path] of wanted) {
    const link = join(into, name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(path, link, 'junction');
  }
}

function packagesIn(folder: string): readonly (readonly [string, string])[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(folder, name)).map((inner) => [`${name}/${inner}`, join(folder, name, inner)] as const)
        : [[name, join(folder, name)] as const],
    );
}

/** Folder of this package, from source or built. */
function ownFolder(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
}
