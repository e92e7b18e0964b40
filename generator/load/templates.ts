import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow } from './walk.js';

/** A template as text, with the name that outputs call it by. */
export interface TemplateFile {
  readonly name: string;
  readonly text: string;
  /** Shown when the template is at fault. */
  readonly file: string;
}

/** Absolute folder of this package: source and build lie at different depths, so it is found by its package.json. */
export function packageFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'templates'))) return folder;
    if (folder === dirname(folder)) throw new Error('seamwright is installed without its templates');
  }
}

export const readTemplates = {
  /** The templates that come with the package. */
  builtIn: (): readonly TemplateFile[] =>
    templatesIn(join(packageFolder(), 'templates'), (path) => `templates/${path}`),
  /** Replacements from the user's folder; none when there is no folder. */
  own: (folder: string | undefined, cwd: string): readonly TemplateFile[] =>
    folder === undefined || !existsSync(folder)
      ? []
      : templatesIn(folder, (path) => relative(cwd, join(folder, path)).split(sep).join('/')),
};

/** Absolute paths of the templates in a folder. Symbolic links to folders are not entered; whether a path is a regular file is for the caller to see. */
export function templatePaths(folder: string): readonly string[] {
  return filesBelow(folder).filter((path) => path.endsWith('.hbs'));
}

function templatesIn(folder: string, shown: (path: string) => string): readonly TemplateFile[] {
  const paths = templatePaths(folder).map((path) => relative(folder, path).split(sep).join('/'));
  return paths.sort().map((path) => ({
    name: path.slice(0, -'.hbs'.length),
    // Templates decide line ends: one that was checked out with CRLF must not leave them in the output.
    text: readFileSync(join(folder, path), 'utf8').replaceAll('\r\n', '\n'),
    file: shown(path),
  }));
}

let known: string | undefined;

/** Version of this package. */
export function generatorVersion(): string {
  known ??= (JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as { readonly version: string })
    .version;
  return known;
}

let identity: string | undefined;

/**
 * What a remembered result depends on besides its input: the version; run from source also the newest change of the source, so that whoever works on the
 * generator never sees an old result.
 */
export function generatorIdentity(): string {
  identity ??= findIdentity();
  return identity;
}

function findIdentity(): string {
  if (!import.meta.url.endsWith('.ts')) return generatorVersion();
  const folder = packageFolder();
  let newest = 0;
  // The runtime, too: what it declares by itself, such as its tables, stands in generated files.
  for (const part of ['generator', 'runtime', 'templates', 'schema']) {
    for (const path of readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' }))
      newest = Math.max(newest, statSync(join(folder, part, path)).mtimeMs);
  }
  return `${generatorVersion()} ${newest}`;
}
