import { type BreakingOptions, compareWorkspaces } from './breaking.js';
import { type EditedFile, type VersionEdit, versionEdits } from './compat/bump/edits.js';
import type { Finding } from './diagnostics/finding.js';

/** Files with their versions raised, before anything is written. */
export interface Bumped {
  readonly files: readonly EditedFile[];
  readonly findings: readonly Finding[];
  /** Nothing could be compared, so nothing is known of the versions. */
  readonly failed: boolean;
}

const ROUNDS_MAX = 8;

/**
 * Raises versions and ranges until the change since a revision says of itself what it is: a raised range is a change of its own, which may raise another
 * version. The same contracts give the same files, and files that were raised give none.
 */
export async function bumpVersions(dirs: readonly string[], options: BreakingOptions): Promise<Bumped> {
  const files = new Map<string, EditedFile>();
  let findings: readonly Finding[] = [];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const overlay = new Map([...files].map(([path, { text }]) => [path, text]));
    const { compared, findings: trouble } = await compareWorkspaces(dirs, { ...options, overlay });
    const unread = [...trouble, ...compared.flatMap(({ comparison }) => comparison.findings)].filter(
      (finding) => finding.unreadable,
    );
    if (unread.length > 0) return { files: [], findings: unread, failed: true };
    let changed = false;
    // What one round cannot write, another may have written through an anchor.
    findings = [];
    for (const { comparison, workspace } of compared) {
      if (comparison.impact === undefined || workspace === undefined) continue;
      const made = versionEdits(comparison.impact.bumps, workspace);
      findings = [...findings, ...made.findings];
      for (const file of made.files) files.set(file.path, merged(files.get(file.path), file));
      changed ||= made.files.length > 0;
    }
    if (!changed) break;
  }
  const sorted = [...files.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  return { files: sorted, findings, failed: false };
}

/** Edits of two rounds at one place are one: from what the user wrote to what stands there now. */
function merged(first: EditedFile | undefined, second: EditedFile): EditedFile {
  if (first === undefined) return second;
  const edits: VersionEdit[] = [...first.edits];
  for (const edit of second.edits) {
    const index = edits.findIndex(
      (known) => known.at.line === edit.at.line && known.after === edit.before && known.what === edit.what,
    );
    const known = edits[index];
    if (known === undefined) edits.push(edit);
    else edits[index] = { ...known, after: edit.after };
  }
  return { ...second, edits };
}
