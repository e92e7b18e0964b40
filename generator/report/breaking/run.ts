import type { Impact } from '../../compat/impact.js';
import type { Finding } from '../../diagnostics/finding.js';
import type { ReportOptions } from '../reporter.js';

/** One workspace compared with an earlier state of it. */
export interface Comparison {
  readonly system: string;
  /** Folder as people see it. */
  readonly folder: string;
  /** What it was compared with: `main@3f2c9aa`. */
  readonly against: string;
  /** Why with that: `where this branch left main`. */
  readonly note?: string;
  /** Absent when the workspace is new, or could not be read. */
  readonly impact?: Impact;
  /** The revision did not have this workspace. */
  readonly isNew: boolean;
  /** About reading either side. */
  readonly findings: readonly Finding[];
}

/** Everything that one run of `breaking` found, over all workspaces. */
export interface BreakingRun {
  readonly comparisons: readonly Comparison[];
  /** About the run itself: no workspace, no revision. */
  readonly findings: readonly Finding[];
}

/** Comparisons -> the whole text of a report. Pure: prints nothing, decides no exit code. */
export type BreakingReporter = (run: BreakingRun, options: ReportOptions) => string;
