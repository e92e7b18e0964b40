import { closeSync, openSync, readSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { isMapping } from './place.js';

export type DocumentKind = 'asyncapi' | 'openapi';

export function isSettingsFile(path: string): boolean {
  return /^seamwright\.ya?ml$/.test(basename(path));
}

export function isFeatureFile(path: string): boolean {
  return /^feature\.(ya?ml|json)$/.test(basename(path));
}

/** The kind that a document says it is of, by the key at its root. */
export function kindOfDocument(value: unknown): DocumentKind | undefined {
  if (!isMapping(value)) return undefined;
  if (isVersion(value.asyncapi)) return 'asyncapi';
  return isVersion(value.openapi) || isVersion(value.swagger) ? 'openapi' : undefined;
}

/** A feature file has `asyncapi:` and `openapi:` as well, with the path of a document. */
function isVersion(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d/.test(value));
}

/** `accounts` for `accounts.openapi.yaml`. */
export function serviceInFileName(path: string): string | undefined {
  return /^(.+)\.(?:openapi|asyncapi)\.(?:ya?ml|json)$/.exec(basename(path))?.[1];
}

/** Whether a file is, by its name, a document of the given kind: `asyncapi.yaml`, `accounts.asyncapi.json`. */
export function isNamedLike(path: string, kind: DocumentKind): boolean {
  return new RegExp(`(^|\\.)${kind}\\.(ya?ml|json)$`).test(basename(path));
}

const HEAD_BYTES = 4096;

/**
 * Whether an unknown file is a contract: a feature file by name, or YAML/JSON that names `asyncapi`, `openapi` or `swagger` at its root within the
 * first 4 KiB. Reading no more keeps a search through a whole repository cheap and silent about other people's files.
 */
export function looksLikeContract(path: string): boolean {
  if (isFeatureFile(path)) return true;
  const extension = extname(path).toLowerCase();
  if (extension === '.yaml' || extension === '.yml')
    return /^["']?(asyncapi|openapi|swagger)["']?\s*:\s*["']?\d/m.test(head(path));
  return extension === '.json' && /^\s*\{[^{}[\]]*?"(asyncapi|openapi|swagger)"\s*:\s*"?\d/.test(head(path));
}

function head(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, HEAD_BYTES, 0)).replace(/^\uFEFF/, '');
  } catch {
    return '';
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
