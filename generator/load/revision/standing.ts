import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { hasSettings } from '../find.js';
import { isSettingsFile, looksLikeContract } from '../kinds.js';
import { isMapping } from '../place.js';
import { encloses } from '../project.js';
import { filesBelow } from '../walk.js';
import { parseYaml } from '../yaml.js';

/** Where a workspace stood in an unpacked revision. */
export interface Standing {
  /** Absolute folder of the workspace. */
  readonly dir: string;
  /** Absolute folder of the whole revision, which no file of it may leave. */
  readonly root: string;
}

/**
 * The folder of a workspace in a revision: at the same path, else wherever a seamwright.yaml names the same system (the folder was moved), else the
 * revision itself when it holds contracts, no seamwright.yaml, and only one workspace is asked for.
 */
export function standsAt(
  root: string,
  paths: readonly string[],
  system: string,
  asked: readonly string[],
): Standing | undefined {
  const candidates = paths
    .filter((path) => !path.startsWith('..') && !isAbsolute(path))
    .map((path) => join(root, path));
  const settings = filesBelow(root).filter(isSettingsFile);
  const moved = settings.find((path) => systemIn(path) === system);
  const dir =
    candidates.find(hasSettings) ??
    (moved === undefined ? undefined : dirname(moved)) ??
    candidates.find((path) => holdsContracts(path) && !settings.some((file) => encloses(path, file))) ??
    (asked.length === 1 && settings.length === 0 && holdsContracts(root) ? root : undefined);
  return dir === undefined ? undefined : { dir, root };
}

function holdsContracts(dir: string): boolean {
  return existsSync(dir) && filesBelow(dir).some(looksLikeContract);
}

function systemIn(path: string): unknown {
  const read = parseYaml(readFileSync(path, 'utf8'));
  return 'parsed' in read && isMapping(read.parsed.value) ? read.parsed.value.system : undefined;
}
