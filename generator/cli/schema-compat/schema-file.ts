import { realpathSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { UsageError } from '../../../runtime/errors.js';
import type { Finding } from '../../diagnostics/finding.js';
import type { Position } from '../../diagnostics/position.js';
import type { Source } from '../../load/documents.js';
import { Files } from '../../load/files.js';
import { pathOf } from '../../load/pointer.js';
import type { SchemaSource } from '../../schema/contains.js';
import { declaredDialect, dialectOfFormat } from '../../schema/dialect.js';
import type { Dialect } from '../../schema/node.js';
import { dialectNamed } from './dialect-named.js';

/** A schema that an argument names, and where its parts stand. */
export interface SchemaFile {
  readonly source: SchemaSource;
  /** Path as people see it, with the pointer that was given. */
  readonly shown: string;
  /** Position of the value at a pointer below the schema; of its nearest parent when there is none. */
  at(pointer: string): Position;
}

/**
 * Reads `FILE` or `FILE#/pointer` and the files that its references name. Throws `UsageError` when the argument names no schema; a file that cannot be
 * read is told as findings.
 */
export function readSchemaFile(
  argument: string,
  cwd: string,
  dialect: string | undefined,
): SchemaFile | { readonly findings: readonly Finding[] } {
  const hash = argument.indexOf('#');
  const [name, pointer] = hash < 0 ? [argument, ''] : [argument.slice(0, hash), argument.slice(hash + 1)];
  const path = resolve(cwd, name);
  const files = new Files({ cwd, project: projectOf(path, cwd) });
  const root = files.read(path);
  if (!root) return { findings: files.findings };
  readReferencedFiles(root, files);
  const found = locate(root, pointer.replace(/\/$/, ''), argument);
  const language = dialect === undefined ? found.dialect : dialectNamed(dialect);
  return {
    source: sourceOf(root, found, language, files),
    shown: argument,
    at: (below) => root.at(pathOf(found.pointer + below, root.value)),
  };
}

interface Located {
  readonly pointer: string;
  readonly value: unknown;
  readonly dialect: Dialect | undefined;
}

function locate(root: Source, pointer: string, argument: string): Located {
  let value: unknown = root.value;
  for (const step of pathOf(pointer, root.value)) {
    const holder = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
    if (!Object.hasOwn(holder, step))
      throw new UsageError(`"${argument}" names nothing: there is no "${step}" on the way`);
    value = holder[step];
  }
  const declared = declaredDialect(root.value);
  const isContract = declared === 'asyncapi' || declared?.startsWith('openapi') === true;
  if (isContract && pointer === '')
    throw new UsageError(
      `"${argument}" is a whole document: name a schema in it, such as "${argument}#/components/schemas/NAME"`,
    );
  if (typeof value !== 'boolean' && (typeof value !== 'object' || value === null || Array.isArray(value)))
    throw new UsageError(`"${argument}" is no schema: an object or a boolean was expected`);
  const format = typeof value === 'object' ? (value as Readonly<Record<string, unknown>>).schemaFormat : undefined;
  if (typeof format !== 'string') return { pointer, value, dialect: declaredDialect(value) ?? declared };
  const language = dialectOfFormat(format);
  if (!language) throw new UsageError(`"${argument}" is written in "${format}", which is no JSON Schema`);
  const inner = (value as Readonly<Record<string, unknown>>).schema;
  return { pointer: `${pointer}/schema`, value: inner, dialect: language };
}

/** A schema in a file of its own is judged as it stands; one that is part of a document, together with that. */
function sourceOf(root: Source, { pointer, value }: Located, dialect: Dialect | undefined, files: Files): SchemaSource {
  const language = dialect === undefined ? {} : { dialect };
  if (pointer === '' && files.sources.size === 1) return { schema: plain(value), ...language };
  const documents = new Map([...files.sources.values()].map((source) => [source.path, source.value] as const));
  return { schema: value, ...language, place: { documents, ref: { file: root.path, pointer } } };
}

/** As `JSON.parse` makes it, which is what validators expect. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Files that are not there may be meant as URIs: whether a reference leads anywhere is judged later. */
function readReferencedFiles(root: Source, files: Files): void {
  const queue = [root];
  for (const source of queue)
    for (const file of referencesIn(source.value)) {
      const path = resolve(dirname(source.path), file);
      if (files.sources.has(path) || !exists(path)) continue;
      const next = files.read(path);
      if (next) queue.push(next);
    }
}

function referencesIn(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, inner] of Object.entries(next)) {
      if (typeof inner === 'object' && inner !== null) pending.push(inner);
      const file = key === '$ref' && typeof inner === 'string' ? inner.replace(/#.*$/, '') : '';
      if (file !== '' && !/^[a-z][a-z0-9+.-]*:|^\/\//i.test(file)) found.add(file);
    }
  }
  return found;
}

function exists(path: string): boolean {
  try {
    return realpathSync(path) !== '';
  } catch {
    return false;
  }
}

/** References may lead anywhere below the working folder, or below the folder of a file that lies elsewhere. */
function projectOf(path: string, cwd: string): string {
  return path.startsWith(cwd + sep) || !exists(dirname(path)) ? cwd : dirname(path);
}
