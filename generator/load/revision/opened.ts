import type { Finding } from '../../diagnostics/finding.js';
import type { Environment } from './git.js';
import type { Standing } from './standing.js';

/** Contracts as they stood somewhere else: at a commit, in a folder, in a packed tarball. */
export interface Revision {
  /** As people say it: `main@3f2c9aa`, `../old`, `contracts-1.2.0.tgz`. */
  readonly name: string;
  /** Why this one, when it is not exactly what was asked for: `where this branch left origin/main`. */
  readonly note?: string;
  /** Absolute folder that positions of the revision are relative to: shown paths are those of today where the file has not moved. */
  readonly cwd: string;
  /** Where a workspace of today stood; undefined when the revision does not have it. */
  standingOf(dir: string, system: string): Standing | undefined;
  /** Deletes what was unpacked. */
  close(): void;
}

export interface RevisionOptions {
  /** Absolute folder the command runs in. */
  readonly cwd: string;
  /** Absolute folder that a path is relative to. Default: `cwd`. */
  readonly from?: string;
  /** Absolute folders of the workspaces that are compared. */
  readonly dirs: readonly string[];
  /** For git, which is found by PATH. */
  readonly env: Environment;
}

export type Opened = { readonly revision: Revision } | { readonly finding: Finding };
