import { copyFile, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exists } from './compare.js';
import { type FileManifest, manifestName, parseManifest } from './manifest.js';

/** A file on its way into place. */
export interface Move {
  /** Absolute target. */
  readonly to: string;
  /** Absolute folder that the target may not leave. */
  readonly within: string;
  readonly content: string;
  /** Target relative to `within`. */
  readonly path: string;
}

/**
 * Puts all files in place or none: each is written beside the output first, and when moving fails halfway, what was moved before is put back.
 *
 * A killed process cannot put anything back. What it leaves behind tells the next run which files were its own (`interrupted`), so that none of them counts as edited by hand.
 */
export async function moveIntoPlace(output: string, moves: readonly Move[], manifest: string): Promise<void> {
  if (moves.length === 0) return;
  await mkdir(dirname(output), { recursive: true });
  // The leading dot keeps it out of globs, the process id apart from a run at the same time; on the same disk, so that renaming is a move.
  const stage = await mkdtemp(`${join(dirname(output), prefixOf(output))}${process.pid}-`);
  const begun: number[] = [];
  try {
    await writeFile(join(stage, manifestName), manifest);
    for (const [index, move] of moves.entries()) {
      await writeFile(join(stage, `${index}`), move.content);
      if ((await kindOf(move.to)) === 'file') await copyFile(move.to, join(stage, `${index}.before`));
    }
    for (const [index, move] of moves.entries()) {
      begun.push(index);
      await mkdir(dirname(move.to), { recursive: true });
      // A link or a pipe is kept as it is, never read.
      if ((await kindOf(move.to)) === 'other') await rename(move.to, join(stage, `${index}.before`));
      await rename(join(stage, `${index}`), move.to);
    }
  } catch (error) {
    for (const index of begun.reverse()) await putBack(stage, index, moves[index]?.to);
    throw error;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

async function kindOf(path: string): Promise<'file' | 'other' | undefined> {
  const facts = await lstat(path).catch(() => undefined);
  return facts === undefined ? undefined : facts.isFile() ? 'file' : 'other';
}

async function putBack(stage: string, index: number, to: string | undefined): Promise<void> {
  if (to === undefined) return;
  const before = join(stage, `${index}.before`);
  if (await exists(before)) await rename(before, to);
  else if ((await kindOf(to)) === 'file') await rm(to);
}

/** What runs that never ended, or that go on at the same time, were about to write. */
export async function interrupted(output: string): Promise<readonly FileManifest[]> {
  const stages = await stagesOf(output);
  const texts = stages.map((stage) => readFile(join(stage, manifestName), 'utf8').catch(() => ''));
  return (await Promise.all(texts)).map((text) => parseManifest(text));
}

/** Removes what runs that never ended have left. */
export async function removeAbandoned(output: string): Promise<void> {
  for (const stage of await stagesOf(output)) {
    const pid = Number(/staged-(\d+)-/.exec(basename(stage))?.[1]);
    if (!isAlive(pid)) await rm(stage, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function stagesOf(output: string): Promise<readonly string[]> {
  const names = await readdir(dirname(output)).catch(() => []);
  return names.filter((name) => name.startsWith(prefixOf(output))).map((name) => join(dirname(output), name));
}

function prefixOf(output: string): string {
  return `.${basename(output)}.staged-`;
}
