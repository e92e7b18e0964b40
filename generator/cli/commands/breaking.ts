import { breaking } from '../../breaking.js';
import { findWorkspaces } from '../../load/find.js';
import { breakingReporters } from '../../report/breaking/registry.js';
import type { BreakingRun } from '../../report/breaking/run.js';
import type { CommandInput, ExitCode } from '../command.js';

/** `seamwright breaking`: what the change since a revision breaks, for whom, and in which order to ship. */
export async function breakingCommand({ args, options, io }: CommandInput): Promise<ExitCode> {
  const { dirs, findings } = findWorkspaces(io.cwd, args);
  const found = await breaking(dirs, {
    cwd: io.cwd,
    env: io.env,
    today: io.today,
    progress: io.progress,
    ...(typeof options.against === 'string' ? { against: options.against } : {}),
  });
  const run: BreakingRun = { ...found, findings: [...findings, ...found.findings] };
  io.progress('');
  const format = typeof options.format === 'string' ? options.format : 'text';
  const report = breakingReporters[format];
  if (report === undefined) throw new Error(`no report is named "${format}"`);
  const exitCode = exitCodeOf(run);
  if (options.quiet === true && exitCode === 0 && format === 'text') return exitCode;
  io.out(report(run, { color: io.color, elapsedMs: io.elapsedMs() }).trimEnd());
  return exitCode;
}

/**
 * 2 when something could not be read, 1 when something breaks or a version or waiver is wrong, 3 when something is unproven, else 0. What the workspace
 * has made less than an error by `rules:` stops nobody, and what is unproven no longer does so as advice.
 */
export function exitCodeOf({ comparisons, findings }: BreakingRun): ExitCode {
  const impacts = comparisons.flatMap(({ impact }) => impact ?? []);
  const plain = [...findings, ...comparisons.flatMap((each) => [...each.findings, ...(each.impact?.findings ?? [])])];
  if (plain.some((finding) => finding.unreadable)) return 2;
  const judged = impacts.flatMap(({ judgements }) => judgements);
  if ([...judged, ...plain].some(({ severity }) => severity === 'error')) return 1;
  return judged.some(({ verdict, severity }) => verdict === 'unknown' && severity === 'warning') ? 3 : 0;
}
