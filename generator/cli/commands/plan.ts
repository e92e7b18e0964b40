import { type Compared, compareWorkspaces } from '../../breaking.js';
import { diff } from '../../compat/diff.js';
import { judge } from '../../compat/judge.js';
import { type DeployPlan, deployPlan } from '../../compat/plan.js';
import type { Finding } from '../../diagnostics/finding.js';
import { findWorkspaces } from '../../load/find.js';
import { loadWorkspace } from '../../load/workspace.js';
import { buildModel } from '../../model/build.js';
import type { Model } from '../../model/types.js';
import { planMarkdown } from '../../report/plan/markdown.js';
import { planScript } from '../../report/plan/script.js';
import { planText } from '../../report/plan/text.js';
import type { CommandInput, ExitCode, Io } from '../command.js';
import { exitCodeOf, printReport } from '../printing.js';

interface Planned {
  readonly model: Model;
  readonly plan: DeployPlan;
}

/** `seamwright plan`: in which order to deploy a system and to roll it back; with `--against`, a change of it. */
export async function plan({ args, options, io }: CommandInput): Promise<ExitCode> {
  const { dirs, findings: missing } = findWorkspaces(io.cwd, args);
  const { planned, findings: found } =
    typeof options.against === 'string' ? await ofChange(dirs, options.against, io) : await ofSystem(dirs, io);
  const findings = [...missing, ...found];
  io.progress('');
  if (options.script === true && planned.length > 1) {
    io.err('error: --script writes one script, and several workspaces were found. Name the one you mean.');
    return 2;
  }
  if (options.format === 'json')
    io.out(
      JSON.stringify(
        { findings: findings.map(({ at, ...rest }) => ({ ...rest, ...at })), plans: planned.map((each) => each.plan) },
        null,
        2,
      ),
    );
  else {
    if (findings.length > 0) printReport(io, { ...options, format: 'text' }, findings, undefined);
    for (const each of planned) io.out(rendered(each, options, io).trimEnd());
  }
  return exitCodeOf(findings);
}

function rendered({ model, plan: made }: Planned, options: CommandInput['options'], io: Io): string {
  if (options.script === true) {
    const libraries = [...model.services.values()].filter(({ role }) => role === 'shared').map(({ name }) => name);
    return planScript(made, new Set(libraries));
  }
  return options.format === 'markdown' ? planMarkdown(made) : planText(made, io.color);
}

async function ofSystem(
  dirs: readonly string[],
  io: Io,
): Promise<{ planned: readonly Planned[]; findings: readonly Finding[] }> {
  const planned: Planned[] = [];
  const findings: Finding[] = [];
  for (const dir of dirs) {
    const { workspace, findings: found } = await loadWorkspace(dir, { cwd: io.cwd, env: io.env, validate: 'fast' });
    const unreadable = found.filter((finding) => finding.unreadable);
    findings.push(...unreadable);
    if (workspace === undefined || unreadable.length > 0) continue;
    const { model } = buildModel(workspace);
    planned.push({ model, plan: deployPlan(model) });
  }
  return { planned, findings };
}

async function ofChange(
  dirs: readonly string[],
  against: string,
  io: Io,
): Promise<{ planned: readonly Planned[]; findings: readonly Finding[] }> {
  const { compared, findings } = await compareWorkspaces(dirs, {
    cwd: io.cwd,
    env: io.env,
    today: io.today,
    progress: io.progress,
    against,
  });
  const unreadable = compared.flatMap(({ comparison }) => comparison.findings.filter((finding) => finding.unreadable));
  return { planned: compared.flatMap(planOf), findings: [...findings, ...unreadable] };
}

function planOf({ revisions, model }: Compared): readonly Planned[] {
  if (model === undefined) return [];
  if (revisions === undefined) return [{ model, plan: deployPlan(model) }];
  const changes = diff(revisions.before, revisions.after);
  return [{ model, plan: deployPlan(model, { changes, judgements: judge(changes, revisions) }) }];
}
