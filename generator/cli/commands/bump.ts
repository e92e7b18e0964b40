import { writeFileSync } from 'node:fs';
import { bumpVersions } from '../../bump.js';
import type { Finding } from '../../diagnostics/finding.js';
import { formatPosition } from '../../diagnostics/position.js';
import { findWorkspaces } from '../../load/find.js';
import type { CommandInput, ExitCode } from '../command.js';
import { exitCodeOf, printReport } from '../printing.js';

/** `seamwright bump`: writes the smallest honest versions, and ranges that admit them; `--dry-run` only says which. */
export async function bump({ args, options, io }: CommandInput): Promise<ExitCode> {
  const { dirs, findings: missing } = findWorkspaces(io.cwd, args);
  const { files, findings: found } = await bumpVersions(dirs, {
    cwd: io.cwd,
    env: io.env,
    today: io.today,
    progress: io.progress,
    ...(typeof options.against === 'string' ? { against: options.against } : {}),
  });
  const findings: readonly Finding[] = [...missing, ...found];
  const dry = options.dryRun === true;
  if (!dry) for (const { path, text } of files) writeFileSync(path, text);
  io.progress('');
  if (options.format === 'json') {
    const edits = files.flatMap(({ file, edits: made }) =>
      made.map(({ what, at, before, after }) => ({ file, line: at.line, column: at.column, what, before, after })),
    );
    io.out(
      JSON.stringify(
        { written: !dry, edits, findings: findings.map(({ at, ...rest }) => ({ ...rest, ...at })) },
        null,
        2,
      ),
    );
    return exitCodeOf(findings);
  }
  if (findings.length > 0) printReport(io, options, findings, undefined);
  for (const { edits } of files)
    for (const { what, at, before, after } of edits) io.out(`${formatPosition(at)}: ${what} ${before} -> ${after}`);
  if (options.quiet !== true && files.length === 0 && findings.length === 0) io.out('every version says what changed');
  if (options.quiet !== true && files.length > 0)
    io.out(
      dry ? 'nothing was written (--dry-run)' : `${files.length} ${files.length === 1 ? 'file' : 'files'} written`,
    );
  return exitCodeOf(findings);
}
