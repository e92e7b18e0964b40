import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pc from 'picocolors';
import { UsageError } from '../../../runtime/errors.js';
import { findWorkspaces } from '../../load/find.js';
import type { CommandInput, ExitCode } from '../command.js';
import { textOption } from '../operate/arguments.js';
import { attempt } from '../operate/operate.js';
import { withOldRevision } from '../verify/mixed-with.js';

/** `seamwright replay`: plays one kept plan again. 1 when it breaks a promise or runs otherwise than it was kept, 2 when it is no plan. */
export async function replayCommand(input: CommandInput): Promise<ExitCode> {
  return attempt(input, async () => {
    const { io, options, args } = input;
    const file = args[0] ?? '';
    const { readPlan } = await import('../../../harness/kept-plan.js');
    const plan = readPlan(textOf(file, io.cwd));
    if (typeof plan === 'string') throw new UsageError(`${file}: ${plan}`);
    const system = await systemOf(input, plan.system);
    const { replay } = await import('../../../harness/replay.js');
    const { replayReport, replayText } = await import('../../../harness/report/replay.js');
    const replayed =
      plan.mixed === undefined
        ? await replay(system, plan)
        : await withOldRevision(system, plan.mixed.with, io, (old) => replay(system, plan, old));
    const report = replayReport(plan, replayed);
    io.progress('');
    if (options.format === 'json') io.out(JSON.stringify(report));
    else
      io.out(replayText(report, io.color ? { red: pc.red, green: pc.green, dim: pc.dim, bold: pc.bold } : undefined));
    return report.violations.length > 0 || report.diverged !== undefined ? 1 : 0;
  });
}

function textOf(file: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, file), 'utf8');
  } catch (error) {
    throw new UsageError(
      `the plan "${file}" cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The workspace that a plan belongs to, among those below the working folder. */
async function systemOf({ io, options }: CommandInput, name: string) {
  const folder = textOption(options, 'workspace');
  const { dirs } = findWorkspaces(io.cwd, folder === undefined ? [] : [folder]);
  const { loadSystem } = await import('../../../harness/system.js');
  for (const workspace of dirs) {
    io.progress(`reading ${workspace}`);
    const system = await loadSystem({ workspace, cwd: io.cwd, env: io.env });
    if (system.name === name) return system;
  }
  throw new UsageError(`no contracts of a system "${name}" are below ${io.cwd}: name their folder with --workspace`);
}
