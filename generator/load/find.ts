import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Finding } from '../diagnostics/finding.js';
import { startOf } from '../diagnostics/position.js';
import { shownPath } from './files.js';
import { isSettingsFile, looksLikeContract } from './kinds.js';
import { filesBelow } from './walk.js';

/** Folders of tests hold contracts that are wrong on purpose, those of examples some of another project; such a workspace is loaded only when it is named. */
const SET_APART = new Set(['test', 'tests', '__tests__', 'fixtures', '__fixtures__', 'examples']);

/**
 * The workspaces to work on, absolute and sorted.
 *
 * Without arguments: every folder below `cwd` that holds a seamwright.yaml (folders of tests and examples apart), else `cwd` itself when it holds any contract.
 * An argument names a folder, or a seamwright.yaml in it. A folder without one whose subfolders have one stands for those.
 */
export function findWorkspaces(
  cwd: string,
  args: readonly string[],
): { readonly dirs: readonly string[]; readonly findings: readonly Finding[] } {
  const dirs = new Set<string>();
  const findings: Finding[] = [];
  const report = (shown: string, message: string, fix: string) =>
    findings.push({ rule: 'load-no-workspace', severity: 'error', message, at: startOf(shown), fix, unreadable: true });
  if (args.length === 0) {
    for (const dir of workspacesBelow(cwd, (name) => !SET_APART.has(name))) dirs.add(dir);
    if (dirs.size === 0 && filesBelow(cwd, (_, name) => !SET_APART.has(name)).some(looksLikeContract)) dirs.add(cwd);
    if (dirs.size === 0)
      report(
        '.',
        'no contracts were found below this folder.',
        'run "seamwright init", or name the folder that holds them.',
      );
  }
  for (const arg of args) {
    const path = resolve(cwd, arg);
    if (!existsSync(path))
      report(shownPath(cwd, path), `"${arg}" does not exist.`, 'name a folder that holds contracts.');
    else if (isSettingsFile(path)) dirs.add(dirname(path));
    else if (!statSync(path).isDirectory())
      report(shownPath(cwd, path), `"${arg}" is not a folder.`, 'name the folder of the workspace.');
    else if (hasSettings(path)) dirs.add(path);
    else {
      const below = workspacesBelow(path, () => true);
      for (const dir of below.length > 0 ? below : [path]) dirs.add(dir);
    }
  }
  return { dirs: [...dirs].sort(), findings };
}

function workspacesBelow(dir: string, enter: (name: string) => boolean): readonly string[] {
  return filesBelow(dir, (_, name) => enter(name))
    .filter(isSettingsFile)
    .map(dirname);
}

export function hasSettings(dir: string): boolean {
  return ['seamwright.yaml', 'seamwright.yml'].some((name) => existsSync(join(dir, name)));
}
