import type { Finding } from '../../diagnostics/finding.js';
import { findWorkspaces } from '../../load/find.js';
import { checkWorkspace } from '../../pipeline.js';
import type { CommandInput, ExitCode } from '../command.js';
import { exitCodeOf, printReport } from '../printing.js';

/** `seamwright check`: every workspace, every rule; 0 also with warnings. */
export async function checkCommand({ args, options, io }: CommandInput): Promise<ExitCode> {
  const { dirs, findings: missing } = findWorkspaces(io.cwd, args);
  const findings: Finding[] = [...missing];
  let features = 0;
  let rules = 0;
  for (const dir of dirs) {
    const judged = await checkWorkspace(dir, { cwd: io.cwd, env: io.env, today: io.today, progress: io.progress });
    findings.push(...judged.findings);
    features += judged.workspace?.features.length ?? 0;
    rules = Math.max(rules, judged.rules);
  }
  printReport(io, options, findings, { rules, features });
  return exitCodeOf(findings);
}
