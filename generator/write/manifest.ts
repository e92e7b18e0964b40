import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** File name of the manifest, at the top of the output folder. */
export const manifestName = 'manifest.json';

/** What the generator wrote: tells a stale file from a hand-edited one and an orphan of ours from a file of somebody else. */
export interface FileManifest {
  readonly generator: string;
  /** Fingerprint of the model the files were made from. */
  readonly fingerprint: string;
  readonly files: Readonly<
    Record<string, { readonly sha256: string; readonly source: string; readonly emitter: string }>
  >;
}

export interface RenderedFile {
  readonly base: 'output' | 'services';
  readonly path: string;
  readonly ownership: 'owned' | 'once';
  readonly source: string;
  readonly emitter: string;
  readonly content: string;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Canonical text of the manifest for a set of owned files. */
export function manifestText(generator: string, fingerprint: string, files: readonly RenderedFile[]): string {
  const owned = files.filter((file) => file.ownership === 'owned').sort((a, b) => (a.path < b.path ? -1 : 1));
  const entries = owned.map((file) => [
    file.path,
    { sha256: sha256(file.content), source: file.source, emitter: file.emitter },
  ]);
  return `${JSON.stringify({ generator, fingerprint, files: Object.fromEntries(entries) }, null, 2)}\n`;
}

/** The manifest on disk; an absent or damaged one counts as empty, so that every file then needs to equal its plan. */
export async function readManifest(output: string): Promise<FileManifest> {
  const empty: FileManifest = { generator: '', fingerprint: '', files: {} };
  try {
    const value: unknown = JSON.parse(await readFile(join(output, manifestName), 'utf8'));
    if (typeof value !== 'object' || value === null || !('files' in value) || typeof value.files !== 'object')
      return empty;
    return { ...empty, ...(value as FileManifest) };
  } catch {
    return empty;
  }
}
