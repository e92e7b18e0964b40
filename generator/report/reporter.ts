import type { Finding } from '../diagnostics/finding.js';

/** What surrounds the findings of one run. */
export interface ReportOptions {
  /** ANSI colours; only for a person at a terminal. */
  readonly color: boolean;
  readonly elapsedMs: number;
  /** How many rules ran and over how many features; absent when the command does not count them. */
  readonly rules?: number;
  readonly features?: number;
  /** What ran, for formats that name it. Default: `check`. */
  readonly command?: string;
}

/** Findings in the order in which they are to be read -> the whole text of a report. Pure: prints nothing, decides no exit code. */
export type Reporter = (findings: readonly Finding[], options: ReportOptions) => string;

/** How many findings there are of each severity. */
export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

export function summarise(findings: readonly Finding[]): Summary {
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info') };
}

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** One line without control characters: what a contract holds may neither move the cursor nor forge a line of a report. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ').replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
