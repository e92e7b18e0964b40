import { constants } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { exists } from './compare.js';
import type { Move } from './stage.js';

/** What stands in the way of a file, as the end of a sentence: found before anything is moved. Undefined when nothing does. */
export async function obstacleTo(move: Move): Promise<string | undefined> {
  const standing = await lstat(move.to).catch(() => undefined);
  if (standing?.isDirectory()) return 'a folder stands there';
  let folder = dirname(move.to);
  while (!(await exists(folder))) folder = dirname(folder);
  const facts = await stat(folder).catch(() => undefined);
  if (facts === undefined) return 'a symbolic link on the way to it leads nowhere';
  if (!facts.isDirectory()) return 'a file stands where its folder must be';
  if (await leadsOut(folder, move.within)) return 'a symbolic link on the way to it leads out of its folder';
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => undefined,
    () => 'its folder may not be written to',
  );
}

/** Contracts decide names, never places: not even through a link that somebody put into the folder. */
async function leadsOut(folder: string, within: string): Promise<boolean> {
  // What stands above the target is the target itself about to be made.
  if (within.startsWith(folder) && folder !== within) return false;
  const [root, real] = await Promise.all([realpath(within), realpath(folder)]);
  return real !== root && !real.startsWith(root + sep);
}
