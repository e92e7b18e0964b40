import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { isFeatureFile, looksLikeContract } from '../../generator/load/kinds.js';

export type Kind = 'asyncapi' | 'openapi';

/** One document of the corpus, with all that it may refer to. */
export interface CorpusDocument {
  readonly kind: Kind;
  /** As people know it: repository and path, or the path below the folder. */
  readonly name: string;
  /** Absolute folder that holds the document and everything it may refer to. */
  readonly home: string;
  /** Path of the document below `home`, forward slashes. */
  readonly entry: string;
  /** Why the format's own validator rejects it; absent for a valid one. */
  readonly rejected?: string;
}

/**
 * The documents of a folder: those of documents.tsv that lie there as `<kind>/<owner>__<repository>/<path>`; without any of them, every file that names
 * `asyncapi`, `openapi` or `swagger` at its root.
 */
export function corpusDocuments(dir: string): readonly CorpusDocument[] {
  const listed = readFileSync(join(import.meta.dirname, 'documents.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => listedDocument(dir, line));
  return listed.length > 0 ? listed : foundDocuments(dir);
}

function listedDocument(dir: string, line: string): readonly CorpusDocument[] {
  const [kind, repository = '', , entry = '', rejected] = line.split('\t');
  const home = join(dir, kind ?? '', repository.replace('/', '__'));
  if ((kind !== 'asyncapi' && kind !== 'openapi') || !existsSync(join(home, entry))) return [];
  const name = `${repository}:${entry}`;
  // Folders of build output are searched by nobody; a document that lies in one is its own home.
  const place = /(^|\/)(dist|generated)\//.test(entry)
    ? { home: join(home, dirname(entry)), entry: basename(entry) }
    : { home, entry };
  return [{ kind, name, ...place, ...(rejected ? { rejected } : {}) }];
}

function foundDocuments(dir: string): readonly CorpusDocument[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/[\\/](node_modules|\.git)[\\/]/.test(path) && !isFeatureFile(path) && looksLikeContract(path))
    .sort()
    .map((path) => {
      const name = relative(dir, path).split(sep).join('/');
      const [top, ...below] = name.split('/');
      const home = below.length === 0 ? dir : join(dir, top ?? '');
      return { kind: kindOf(path), name, home, entry: below.length === 0 ? name : below.join('/') };
    });
}

function kindOf(path: string): Kind {
  return /^\s*\{?\s*["']?asyncapi["']?\s*:/m.test(readFileSync(path, 'utf8').slice(0, 4096)) ? 'asyncapi' : 'openapi';
}
