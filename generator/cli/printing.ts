import { compareFindings, type Finding } from '../diagnostics/finding.js';
import { reporters } from '../report/registry.js';
import type { CommandInput, ExitCode, Io } from './command.js';

/** Prints findings in the format that was asked for; `--quiet` leaves out the summary of a clean run. */
export function printReport(
  io: Io,
  options: CommandInput['options'],
  findings: readonly Finding[],
  counted: { readonly rules: number; readonly features: number } | undefined,
): void {
  io.progress('');
  const format = typeof options.format === 'string' ? options.format : 'text';
  const report = reporters[format];
  if (report === undefined) throw new Error(`no report is named "${format}"`);
  const sorted = [...findings].sort(compareFindings);
  if (options.quiet === true && sorted.length === 0 && format === 'text') return;
  io.out(report(sorted, { color: io.color, elapsedMs: io.elapsedMs(), ...counted }).trimEnd());
}

/** 2 when input could not be read, 1 with errors, else 0: warnings do not fail. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  if (findings.some((finding) => finding.unreadable)) return 2;
  return findings.some((finding) => finding.severity === 'error') ? 1 : 0;
}
