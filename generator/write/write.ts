import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Finding } from '../diagnostics/finding.js';
import { startOf } from '../diagnostics/position.js';
import { compare, type Drift, exists } from './compare.js';
import { manifestName, manifestText, type RenderedFile, readManifest } from './manifest.js';
import { obstacleTo } from './obstacles.js';
import { forEach, interrupted, type Move, moveIntoPlace, removeAbandoned } from './stage.js';

export interface WriteTarget {
  /** Absolute output folder. */
  readonly output: string;
  /** How the output folder is shown to people. */
  readonly shown: string;
  /** Absolute folder of hand-written services. */
  readonly services: string;
  /** How the services folder is shown to people. */
  readonly shownServices: string;
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
 * Brings the output folder to the plan, whole or not at all: whatever stands in the way, a full disk and a denied permission included, is a finding and leaves
 * everything as it was. Hand-edited files stop the run unless `force`; files of others stay.
 */
export async function writeFiles(
  target: WriteTarget,
  files: readonly RenderedFile[],
  options: { readonly force: boolean },
): Promise<WriteReport> {
  const manifest = await readManifest(target.output);
  const content = manifestText(target.generator, target.fingerprint, files);
  const drift = await compare(target.output, files, manifest, content, await interrupted(target.output));
  const edited = options.force ? [] : drift.filter((item) => item.state === 'edited');
  if (edited.length > 0) return nothing(edited.map((item) => editedFinding(target, item)));
  const changed = new Set(drift.filter((item) => item.state !== 'orphan').map((item) => item.path));
  const owned = files.filter((file) => file.base === 'output' && file.ownership === 'owned');
  const moves: readonly Move[] = [
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
  const blocked = await blockedMoves(target, moves);
  if (blocked.length > 0) return nothing(blocked);
  try {
    await moveIntoPlace(target.output, moves, content);
    await removeAbandoned(target.output);
  } catch (error) {
    return nothing([unwritableFinding(target, error)]);
  }
  const deleted = await deleteOrphans(target, drift);
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

function nothing(findings: readonly Finding[]): WriteReport {
  return { written: [], deleted: [], skeletons: [], unchanged: 0, findings };
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

async function blockedMoves(target: WriteTarget, moves: readonly Move[]): Promise<readonly Finding[]> {
  const obstacles = new Map<Move, string>();
  await forEach(moves, async (move) => {
    const obstacle = await obstacleTo(move);
    if (obstacle !== undefined) obstacles.set(move, obstacle);
  });
  const findings: Finding[] = [];
  for (const move of moves) {
    const obstacle = obstacles.get(move);
    if (obstacle === undefined) continue;
    const inOutput = move.within === target.output;
    findings.push({
      rule: 'generated-file-blocked',
      severity: 'error',
      message: `"${move.path}" cannot be written${inOutput ? '' : ' to the services folder'}: ${obstacle}; nothing was written.`,
      at: startOf(`${inOutput ? target.shown : target.shownServices}/${move.path}`),
      fix: 'move what stands in the way, or allow writing there, and generate again.',
    });
  }
  return findings;
}

/** A full disk, a denied permission, a file system that is read-only: nothing of ours, and all is as it was. */
function unwritableFinding(target: WriteTarget, error: unknown): Finding {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : message.replace(/, [a-z]+ .*$/, '');
  return {
    rule: 'generated-folder-unwritable',
    severity: 'error',
    message: `The output cannot be written (${why}); it was left as it was.`,
    at: startOf(target.shown),
    fix: 'make room or allow writing there, and generate again.',
  };
}

async function deleteOrphans(target: WriteTarget, drift: readonly Drift[]): Promise<readonly string[]> {
  const orphans = drift.filter((item) => item.state === 'orphan' && item.ours).map((item) => item.path);
  for (const path of orphans) {
    await rm(join(target.output, path), { force: true });
    await removeEmptyFolders(target.output, dirname(path));
  }
  return orphans;
}

/** Up to the output folder; a folder that is not empty, or that somebody else has removed, ends it. */
async function removeEmptyFolders(output: string, folder: string): Promise<void> {
  if (folder === '.' || folder === '') return;
  const removed = await rmdir(join(output, folder)).then(
    () => true,
    () => false,
  );
  if (removed) await removeEmptyFolders(output, dirname(folder));
}

function editedFinding(target: WriteTarget, item: Drift): Finding {
  return {
    rule: 'generated-file-edited',
    severity: 'error',
    message: `"${item.path}" was changed by hand; nothing was written.`,
    at: startOf(`${target.shown}/${item.path}`),
    fix: `change ${item.source === '' ? 'the contracts' : item.source} or a template instead, restore the file, or run with --force to replace it.`,
  };
}

function foreignFinding(target: WriteTarget, item: Drift): Finding {
  return {
    rule: 'generated-folder-foreign-file',
    severity: 'warning',
    message: `"${item.path}" is not a generated file (or was changed since) and was left alone.`,
    at: startOf(`${target.shown}/${item.path}`),
    fix: 'move it out of the output folder, or delete it.',
  };
}
