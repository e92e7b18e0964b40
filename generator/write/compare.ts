import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileManifest, manifestName, type RenderedFile, sha256 } from './manifest.js';

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

/** Compares a plan with the output folder; files equal to their plan are not mentioned. The manifest itself is compared like any other file. */
export async function compare(
  output: string,
  files: readonly RenderedFile[],
  manifest: FileManifest,
  manifestContent: string,
): Promise<readonly Drift[]> {
  const owned = files.filter((file) => file.base === 'output' && file.ownership === 'owned');
  const planned = new Map(owned.map((file) => [file.path, file]));
  const present = new Set(await listFiles(output));
  const drift: Drift[] = [];
  for (const file of owned) {
    const before = manifest.files[file.path];
    if (!present.has(file.path)) {
      drift.push({ path: file.path, state: 'missing', source: file.source, ours: true });
      continue;
    }
    const content = await readFile(join(output, file.path));
    if (sha256(content) === sha256(file.content)) continue;
    const ours = before !== undefined && before.sha256 === sha256(content);
    drift.push({ path: file.path, state: ours ? 'stale' : 'edited', source: file.source, ours });
  }
  for (const path of present) {
    if (planned.has(path) || path === manifestName) continue;
    const before = manifest.files[path];
    const ours = before !== undefined && before.sha256 === sha256(await readFile(join(output, path)));
    drift.push({ path, state: 'orphan', source: before?.source ?? '', ours });
  }
  if (!present.has(manifestName)) drift.push({ path: manifestName, state: 'missing', source: '', ours: true });
  else if ((await readFile(join(output, manifestName), 'utf8')) !== manifestContent)
    drift.push({ path: manifestName, state: 'stale', source: '', ours: true });
  return drift.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Files below a folder, relative, forward slashes, sorted; symbolic links are named, never followed. An absent folder has none. */
export async function listFiles(folder: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
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
