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
  return parseManifest(await readFile(join(output, manifestName), 'utf8').catch(() => ''));
}

/** What of a text is a manifest. Anybody may have changed it, so each entry is taken only if it is one. */
export function parseManifest(text: string): FileManifest {
  const value = jsonOf(text);
  const { generator, fingerprint, files } = isRecord(value) ? value : {};
  const entries = Object.entries(isRecord(files) ? files : {}).flatMap(([path, entry]) => {
    if (!isRecord(entry) || typeof entry.sha256 !== 'string') return [];
    return [[path, { sha256: entry.sha256, source: textOf(entry.source), emitter: textOf(entry.emitter) }] as const];
  });
  return { generator: textOf(generator), fingerprint: textOf(fingerprint), files: Object.fromEntries(entries) };
}

/** True for the manifest of something else, such as a web application, that happens to have the same name. */
export function isForeignManifest(text: string): boolean {
  const value = jsonOf(text);
  return isRecord(value) && Object.keys(value).length > 0 && !('files' in value);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
