import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'generated', 'coverage']);

/**
 * Absolute paths of the files below `dir`, sorted by path. Symbolic links, hidden folders, `node_modules`, `dist`, `generated` and `coverage` are not entered.
 *
 * `enter` may refuse further folders; it gets the absolute path, the name, and the names in it.
 */
export function filesBelow(
  dir: string,
  enter: (path: string, name: string, entries: readonly string[]) => boolean = () => true,
): readonly string[] {
  const found: string[] = [];
  const visit = (folder: string, name: string, top: boolean): void => {
    const entries = list(folder);
    if (
      !top &&
      !enter(
        folder,
        name,
        entries.map((entry) => entry.name),
      )
    )
      return;
    for (const entry of entries) {
      if (entry.isDirectory() && !SKIPPED.has(entry.name) && !entry.name.startsWith('.')) {
        visit(join(folder, entry.name), entry.name, false);
      } else if (!entry.isDirectory()) {
        found.push(join(folder, entry.name));
      }
    }
  };
  visit(dir, '', true);
  return found.sort();
}

function list(dir: string) {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** A glob with `**`, `*`, `?` and `{a,b}` as a regular expression over forward-slash paths. */
export function globToRegExp(glob: string): RegExp {
  const source = glob
    .replace(/^\.\//, '')
    // Several in a row mean the same as one, and would make matching take time exponential in their number.
    .replace(/(?:\*\*\/)+/g, '**/')
    .replace(/\*{3,}/g, '**')
    .replace(/\*\*\/|\*\*|\*|\?|\{([^{}]*)\}|[.+^$()|[\]\\{}]/g, (token, choices) => {
      if (token === '**/') return '(?:.*/)?';
      if (token === '**') return '.*';
      if (token === '*') return '[^/]*';
      if (token === '?') return '[^/]';
      if (choices !== undefined) return `(?:${choices.split(',').map(escapeRegExp).join('|')})`;
      return `\\${token}`;
    });
  // A folder name may hold a line break.
  return new RegExp(`^${source}$`, 's');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
