import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

/** Documents by their path within the workspace, as plain values. */
export type Documents = ReadonlyMap<string, unknown>;

/** Reads every document of a folder of contracts. */
export function readDocuments(dir: string, below = ''): Documents {
  const found = new Map<string, unknown>();
  for (const entry of readdirSync(join(dir, below)).sort()) {
    const path = below === '' ? entry : `${below}/${entry}`;
    if (statSync(join(dir, path)).isDirectory())
      for (const [at, value] of readDocuments(dir, path)) found.set(at, value);
    else if (/\.ya?ml$/.test(entry)) found.set(path, parse(readFileSync(join(dir, path), 'utf8')));
  }
  return found;
}

/** Writes documents as JSON, which YAML reads as well, so that every string arrives as it is. The folder is emptied first. */
export function writeDocuments(dir: string, documents: Documents): void {
  rmSync(dir, { recursive: true, force: true });
  for (const [path, value] of documents) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), JSON.stringify(value, null, 1));
  }
}
