import { lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Finding } from '../diagnostics/finding.js';
import { type Position, startOf } from '../diagnostics/position.js';
import type { Workspace } from './documents.js';
import { shownPath } from './files.js';
import { encloses } from './project.js';
import { templatePaths } from './templates.js';

/** Folders that tools keep for themselves. */
const RESERVED = new Set(['.git', 'node_modules', '.seamwright']);

/**
 * Whether the folders that a workspace writes to may be written to. Settings are as untrusted as any contract: they name folders of the project, links followed, and
 * none that holds contracts or belongs to another tool. An output folder given on the command line (`out`) is the caller's own choice of place, also outside.
 */
export function checkFolders(workspace: Workspace, cwd: string, out?: string): readonly Finding[] {
  const { settings, project, root, settingsSource } = workspace;
  const at = (key: string): Position => settingsSource?.at([key]) ?? startOf(shownPath(cwd, root));
  const output = out ?? settings.output;
  const found: (Finding | undefined)[] = [
    out === undefined ? outside('output', output, project, at('output')) : undefined,
    outside('services', settings.services, project, at('services')),
    templatesAtFault(workspace, at('templates')),
    reserved('output', output, out === undefined ? project : cwd, at('output')),
    reserved('services', settings.services, project, at('services')),
    holdsContracts(workspace, output, cwd, out === undefined ? at('output') : startOf(shownPath(cwd, output))),
    encloses(output, settings.services)
      ? refused(
          'load-folder-taken',
          `the services folder "${shownPath(cwd, settings.services)}" lies in the output folder "${shownPath(cwd, output)}", where only generated files belong.`,
          at('services'),
          'name two folders beside each other, such as "generated/<system>" and "services/<system>".',
        )
      : undefined,
  ];
  const first = found.find((finding) => finding !== undefined);
  return first === undefined ? [] : [first];
}

/** A folder that the project does not enclose, as written or through a symbolic link on the way to it. */
export function outside(key: string, folder: string, project: string, at: Position): Finding | undefined {
  if (encloses(project, folder) && encloses(realpathSync(project), realStanding(folder))) return undefined;
  return refused(
    'load-outside-project',
    `the ${key} folder lies outside the project folder.`,
    at,
    'name a folder below the project, without a symbolic link that leads out of it.',
  );
}

/** The folder is read whole, so it must be one, and none as large as a disk. */
function templatesAtFault({ settings, project }: Workspace, at: Position): Finding | undefined {
  const { templates } = settings;
  if (templates === undefined) return undefined;
  const led = outside('templates', templates, project, at);
  if (led !== undefined) return led;
  if (!statSync(templates, { throwIfNoEntry: false })?.isDirectory())
    return refused(
      'load-missing-file',
      'the templates folder does not exist.',
      at,
      'create it, correct the path (it is relative to seamwright.yaml), or remove the line.',
    );
  // A link could bring any file of the machine into the output, and a pipe never ends.
  const odd = templatePaths(templates).find((path) => !lstatSync(path).isFile());
  if (odd === undefined) return undefined;
  return refused(
    'load-not-a-file',
    `template "${shownPath(templates, odd)}" is not a regular file.`,
    at,
    'put a copy in its place; links are not followed.',
  );
}

function reserved(key: string, folder: string, project: string, at: Position): Finding | undefined {
  const steps = [shownPath(project, folder), shownPath(realStanding(project), realStanding(folder))];
  const name = steps.flatMap((path) => path.split('/')).find((step) => RESERVED.has(step.toLowerCase()));
  if (name === undefined) return undefined;
  return refused(
    'load-folder-taken',
    `the ${key} folder lies in "${name}", which belongs to another tool.`,
    at,
    'name a folder of its own.',
  );
}

function holdsContracts(workspace: Workspace, output: string, cwd: string, at: Position): Finding | undefined {
  const held = encloses(output, workspace.project)
    ? workspace.project
    : [workspace.root, ...workspace.sources.keys()].find((path) => encloses(output, path));
  if (held === undefined) return undefined;
  const what = held === workspace.project ? 'the whole project' : `"${shownPath(cwd, held)}"`;
  return refused(
    'load-folder-taken',
    `the output folder holds ${what}; only generated files may lie in it.`,
    at,
    'name a folder of its own, such as "generated/<system>".',
  );
}

function refused(rule: string, message: string, at: Position, fix: string): Finding {
  return { rule, severity: 'error', message, at, fix, unreadable: true };
}

/** Where a path really leads, as far as it exists. */
function realStanding(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : realStanding(dirname(path));
  }
}
