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
    await forEach([...moves.entries()], async ([index, move]) => {
      await writeFile(join(stage, `${index}`), move.content);
      if ((await kindOf(move.to)) === 'file') await copyFile(move.to, join(stage, `${index}.before`));
    });
    for (const folder of new Set(moves.map((move) => dirname(move.to)))) await mkdir(folder, { recursive: true });
    const place = async (index: number, move: Move): Promise<void> => {
      begun.push(index);
      // A link or a pipe is kept as it is, never read.
      if ((await kindOf(move.to)) === 'other') await rename(move.to, join(stage, `${index}.before`));
      await rename(join(stage, `${index}`), move.to);
    };
    // The last one, the manifest, vouches for the others and comes after them.
    const [last, ...others] = [...moves.entries()].reverse();
    await forEach(others.reverse(), ([index, move]) => place(index, move));
    if (last !== undefined) await place(...last);
  } catch (error) {
    for (const index of begun.reverse()) await putBack(stage, index, moves[index]?.to);
    throw error;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/**
 * Runs `work` on every item, some at a time: waiting for one file after the other costs more than writing them. When one fails, none is left running before the first
 * failure is thrown.
 */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const atOnce = 16;
  for (let from = 0; from < items.length; from += atOnce) {
    const results = await Promise.allSettled(items.slice(from, from + atOnce).map(work));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
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
