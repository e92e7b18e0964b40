import { mkdir, readdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { Finding } from '../diagnostics/finding.js';
import { compare, type Drift, exists } from './compare.js';
import { type FileManifest, manifestName, manifestText, type RenderedFile, readManifest } from './manifest.js';

export interface WriteTarget {
  /** Absolute output folder. */
  readonly output: string;
  /** How the output folder is shown to people. */
  readonly shown: string;
  /** Absolute folder of hand-written services. */
  readonly services: string;
  readonly generator: string;
  readonly fingerprint: string;
}

export interface WriteReport {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  /** Skeletons written for the first time, relative to the services folder. */
  readonly skeletons: readonly string[];
  readonly unchanged: number;
  readonly findings: readonly Finding[];
}

/** What `generate --check` says: the drift, nothing touched. Skeletons are the user's and never drift. */
export async function findDrift(target: WriteTarget, files: readonly RenderedFile[]): Promise<readonly Drift[]> {
  const manifest = await readManifest(target.output);
  return compare(target.output, files, manifest, manifestText(target.generator, target.fingerprint, files));
}

/**
 * Brings the output folder to the plan. Everything is staged beside the output first and moved into place only when all of it could be written, so a full disk
 * or a denied permission leaves the output as it was. Hand-edited files stop the run unless `force`; files of others stay.
 */
export async function writeFiles(
  target: WriteTarget,
  files: readonly RenderedFile[],
  options: { readonly force: boolean },
): Promise<WriteReport> {
  const manifest = await readManifest(target.output);
  const content = manifestText(target.generator, target.fingerprint, files);
  const drift = await compare(target.output, files, manifest, content);
  const edited = options.force ? [] : drift.filter((item) => item.state === 'edited');
  if (edited.length > 0)
    return {
      written: [],
      deleted: [],
      skeletons: [],
      unchanged: 0,
      findings: edited.map((item) => editedFinding(target, item)),
    };
  const changed = new Set(drift.filter((item) => item.state !== 'orphan').map((item) => item.path));
  const owned = files.filter((file) => file.base === 'output' && file.ownership === 'owned');
  const moves = [
    ...owned
      .filter((file) => changed.has(file.path))
      .map((file) => ({
        to: join(target.output, file.path),
        within: target.output,
        content: file.content,
        path: file.path,
      })),
    ...(await newSkeletons(target, files)),
    ...(changed.has(manifestName)
      ? [{ to: join(target.output, manifestName), within: target.output, content, path: manifestName }]
      : []),
  ];
  await moveIntoPlace(target, moves);
  const deleted = await deleteOrphans(target, drift, manifest);
  const skeletons = moves.filter((move) => move.within === target.services).map((move) => move.path);
  return {
    written: moves
      .filter((move) => move.within === target.output && move.path !== manifestName)
      .map((move) => move.path),
    deleted,
    skeletons,
    unchanged: owned.length - [...changed].filter((path) => path !== manifestName).length,
    findings: drift.filter((item) => item.state === 'orphan' && !item.ours).map((item) => foreignFinding(target, item)),
  };
}

interface Move {
  readonly to: string;
  readonly within: string;
  readonly content: string;
  readonly path: string;
}

async function newSkeletons(target: WriteTarget, files: readonly RenderedFile[]): Promise<readonly Move[]> {
  const moves: Move[] = [];
  for (const file of files) {
    if (file.ownership !== 'once') continue;
    const within = file.base === 'output' ? target.output : target.services;
    const to = join(within, file.path);
    if (!(await exists(to))) moves.push({ to, within, content: file.content, path: file.path });
  }
  return moves;
}

async function moveIntoPlace(target: WriteTarget, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  const parent = dirname(target.output);
  await mkdir(parent, { recursive: true });
  // The leading dot keeps it out of globs, the process id apart from a run at the same time; on the same disk, so that renaming is a move.
  const stage = join(parent, `.${basename(target.output)}.staged-${process.pid}`);
  try {
    await mkdir(stage, { recursive: true });
    for (const [index, move] of moves.entries()) await writeFile(join(stage, String(index)), move.content);
    for (const move of moves) await prepareFolder(move);
    for (const [index, move] of moves.entries()) await rename(join(stage, String(index)), move.to);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Makes the folder of a file, but never through a link that leads out of the target: contracts decide names, never places. */
async function prepareFolder(move: Move): Promise<void> {
  await mkdir(move.within, { recursive: true });
  const root = await realpath(move.within);
  let standing = dirname(move.to);
  while (!(await exists(standing))) standing = dirname(standing);
  const folder = await realpath(standing);
  if (folder !== root && !folder.startsWith(root + sep)) throw new OutsideFolderError(move.path);
  await mkdir(dirname(move.to), { recursive: true });
}

/** A link below the target leads elsewhere; nothing was written. */
export class OutsideFolderError extends Error {
  constructor(path: string) {
    super(`"${path}" would be written outside its folder, through a symbolic link`);
    this.name = 'OutsideFolderError';
  }
}

async function deleteOrphans(
  target: WriteTarget,
  drift: readonly Drift[],
  manifest: FileManifest,
): Promise<readonly string[]> {
  const orphans = drift
    .filter((item) => item.state === 'orphan' && item.ours && manifest.files[item.path] !== undefined)
    .map((item) => item.path);
  for (const path of orphans) {
    await rm(join(target.output, path), { force: true });
    await removeEmptyFolders(target.output, dirname(path));
  }
  return orphans;
}

async function removeEmptyFolders(output: string, folder: string): Promise<void> {
  if (folder === '.' || folder === '') return;
  const path = join(output, folder);
  if ((await readdir(path)).length > 0) return;
  await rmdir(path);
  await removeEmptyFolders(output, dirname(folder));
}

function editedFinding(target: WriteTarget, item: Drift): Finding {
  return {
    rule: 'generated-file-edited',
    severity: 'error',
    message: `"${item.path}" was changed by hand; nothing was written.`,
    at: { file: `${target.shown}/${item.path}`, line: 1, column: 1 },
    fix: `change ${item.source === '' ? 'the contracts' : item.source} or a template instead, restore the file, or run with --force to replace it.`,
  };
}

function foreignFinding(target: WriteTarget, item: Drift): Finding {
  return {
    rule: 'generated-folder-foreign-file',
    severity: 'warning',
    message: `"${item.path}" is not a generated file (or was changed since) and was left alone.`,
    at: { file: `${target.shown}/${item.path}`, line: 1, column: 1 },
    fix: 'move it out of the output folder, or delete it.',
  };
}
