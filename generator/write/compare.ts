import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileManifest, isForeignManifest, manifestName, type RenderedFile, sha256 } from './manifest.js';

/** `missing`: planned, not there. `stale`: ours, but the contracts say something else now. `edited`: changed by hand. `orphan`: not planned. */
export type DriftState = 'missing' | 'stale' | 'edited' | 'orphan';

export interface Drift {
  /** Relative to the output folder. */
  readonly path: string;
  readonly state: DriftState;
  /** Contract that leads to the file; '' for a file that no contract asks for. */
  readonly source: string;
  /** Orphans: true when the file is as the generator once wrote it, so that it may be deleted. */
  readonly ours: boolean;
}

/**
 * Compares a plan with the output folder; files equal to their plan are not mentioned. The manifest itself is compared like any other file.
 * `others` are manifests of runs that did not end: what they wrote is ours as well.
 */
export async function compare(
  output: string,
  files: readonly RenderedFile[],
  manifest: FileManifest,
  manifestContent: string,
  others: readonly FileManifest[] = [],
): Promise<readonly Drift[]> {
  const owned = files.filter((file) => file.base === 'output' && file.ownership === 'owned');
  const planned = new Map(owned.map((file) => [file.path, file]));
  const present = new Set(await listFiles(output));
  const isOurs = (path: string, content: Uint8Array | undefined): boolean =>
    content !== undefined && [manifest, ...others].some((known) => known.files[path]?.sha256 === sha256(content));
  const drift: Drift[] = [];
  for (const file of owned) {
    if (!present.has(file.path)) {
      drift.push({ path: file.path, state: 'missing', source: file.source, ours: true });
      continue;
    }
    const content = await contentOf(join(output, file.path));
    if (content !== undefined && sha256(content) === sha256(file.content)) continue;
    const ours = isOurs(file.path, content);
    drift.push({ path: file.path, state: ours ? 'stale' : 'edited', source: file.source, ours });
  }
  for (const path of present) {
    if (planned.has(path) || path === manifestName) continue;
    const ours = isOurs(path, await contentOf(join(output, path)));
    drift.push({ path, state: 'orphan', source: manifest.files[path]?.source ?? '', ours });
  }
  const written = present.has(manifestName) ? await contentOf(join(output, manifestName)) : undefined;
  if (!present.has(manifestName)) drift.push({ path: manifestName, state: 'missing', source: '', ours: true });
  else if (written?.toString() !== manifestContent) {
    const foreign = written === undefined || isForeignManifest(written.toString());
    drift.push({ path: manifestName, state: foreign ? 'edited' : 'stale', source: '', ours: !foreign });
  }
  return drift.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Content of a regular file; undefined for a link, which may lead anywhere, and for a pipe or device, which may never end. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  const facts = await lstat(path).catch(() => undefined);
  return facts?.isFile() ? readFile(path) : undefined;
}

/** Files below a folder, relative, forward slashes, sorted; symbolic links are named, never followed. An absent folder has none, nor has a file in its place. */
export async function listFiles(folder: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await listFiles(folder, path)));
    else found.push(path);
  }
  return found;
}

/** True when something stands at the path, a dangling link included. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
