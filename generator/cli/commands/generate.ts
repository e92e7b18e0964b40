import { relative, resolve, sep } from 'node:path';
import { type Finding, hasErrors } from '../../diagnostics/finding.js';
import { findWorkspaces } from '../../load/find.js';
import { generatorVersion } from '../../load/templates.js';
import type { Drift } from '../../write/compare.js';
import { LastRun } from '../../write/last-run.js';
import { findDrift, type WriteReport, type WriteTarget, writeFiles } from '../../write/write.js';
import type { CommandInput, ExitCode, Io } from '../command.js';
import { exitCodeOf, printReport } from '../printing.js';
import { watch } from '../watching.js';

/** What one workspace came to. */
interface Result {
  readonly shown: string;
  readonly findings: readonly Finding[];
  readonly drift?: readonly Drift[];
  readonly report?: WriteReport;
  /** Nothing had changed since the last run, so nothing was read but hashes. */
  readonly skipped?: boolean;
}

/** `seamwright generate`: contracts to code; `--check` compares only, `--watch` goes on. */
export async function generate(input: CommandInput): Promise<ExitCode> {
  const { args, io, options } = input;
  const found = findWorkspaces(io.cwd, args);
  if (options.out !== undefined && found.dirs.length > 1) {
    const mistake = '--out takes one workspace, and several were found. Name the one you mean.';
    if (options.format === 'json') io.out(JSON.stringify({ findings: [], error: mistake }));
    else io.err(`error: ${mistake}`);
    return 2;
  }
  const once = (): Promise<ExitCode> => runAll(input, found.dirs, found.findings);
  const exitCode = await once();
  return options.watch === true ? watch(io, found.dirs, once) : exitCode;
}

async function runAll(
  { options, io }: CommandInput,
  dirs: readonly string[],
  missing: readonly Finding[],
): Promise<ExitCode> {
  const results: Result[] = [];
  for (const dir of dirs) results.push(await runOne(dir, options, io));
  const findings = [...missing, ...results.flatMap((result) => result.findings)];
  const drift = results.flatMap((result) =>
    (result.drift ?? []).map((item) => ({ ...item, path: `${result.shown}/${item.path}` })),
  );
  io.progress('');
  if (options.format === 'json') {
    io.out(JSON.stringify(jsonResult(findings, results, drift), null, 2));
  } else {
    if (findings.length > 0 || options.format === 'github') printReport(io, options, findings, undefined);
    for (const item of drift) io.out(driftLine(item));
    if (options.quiet !== true) for (const result of results) for (const line of summary(result, io)) io.out(line);
  }
  const bad = exitCodeOf(findings);
  return bad !== 0 ? bad : drift.length > 0 ? 1 : 0;
}

async function runOne(dir: string, options: CommandInput['options'], io: Io): Promise<Result> {
  const out = typeof options.out === 'string' ? resolve(io.cwd, options.out) : undefined;
  const lastRun = new LastRun(dir, io.cwd, out);
  const unchanged = await lastRun.unchanged(io.today);
  if (unchanged !== undefined)
    return {
      shown: shownPath(io, unchanged.output),
      findings: unchanged.findings,
      skipped: true,
      ...(options.check === true ? { drift: [] } : {}),
    };
  // Everything below is heavy; a run that finds nothing changed never gets here.
  const { generateFiles } = await import('../../pipeline.js');
  const generated = await generateFiles(dir, {
    cwd: io.cwd,
    env: io.env,
    today: io.today,
    progress: io.progress,
    ...(out === undefined ? {} : { out }),
  });
  const { workspace, files, fingerprint } = generated;
  if (workspace === undefined || files === undefined || fingerprint === undefined)
    return { shown: dir, findings: generated.findings };
  const target: WriteTarget = {
    output: out ?? workspace.settings.output,
    shown: shownPath(io, out ?? workspace.settings.output),
    services: workspace.settings.services,
    shownServices: shownPath(io, workspace.settings.services),
    generator: generatorVersion(),
    fingerprint,
  };
  if (options.check === true)
    return { shown: target.shown, findings: generated.findings, drift: await findDrift(target, files) };
  const report = await writeFiles(target, files, { force: options.force === true });
  const findings = [...generated.findings, ...report.findings];
  // A file of others in the output is drift: the next run must look again.
  if (!hasErrors(findings) && report.findings.length === 0) await lastRun.remember(workspace, target, files, findings);
  return { shown: target.shown, findings, report };
}

function shownPath(io: Io, path: string): string {
  return relative(io.cwd, path).split(sep).join('/') || '.';
}

const reasons: Readonly<Record<Drift['state'], string>> = {
  missing: 'missing: the contracts ask for it, and it is not there',
  stale: 'stale: the contracts have changed since it was written',
  edited: 'edited: it was changed by hand',
  orphan: 'orphan: no contract asks for it',
};

function driftLine(item: Drift): string {
  const from = item.source === '' || item.state === 'orphan' ? '' : ` (from ${item.source})`;
  return `${item.path}: ${reasons[item.state]}${from}`;
}

function summary(result: Result, io: Io): readonly string[] {
  const seconds = `${(io.elapsedMs() / 1000).toFixed(1)} s`;
  if (result.skipped) return [`${result.shown}: up to date (${seconds})`];
  if (result.drift !== undefined)
    return [
      result.drift.length === 0
        ? `${result.shown}: up to date (${seconds})`
        : `${result.shown}: ${result.drift.length} of its files drifted; run "seamwright generate" and commit (${seconds})`,
    ];
  const { report } = result;
  if (report === undefined || hasErrors(report.findings)) return [];
  const changed = report.written.length + report.deleted.length;
  const parts = [
    `${report.written.length} written`,
    `${report.deleted.length} deleted`,
    `${report.unchanged} unchanged`,
  ];
  return [
    changed === 0
      ? `${result.shown}: up to date, ${report.unchanged} files (${seconds})`
      : `${result.shown}: ${parts.join(', ')} (${seconds})`,
    ...report.skeletons.map((path) => `  new, yours to fill in: ${path}`),
  ];
}

function jsonResult(findings: readonly Finding[], results: readonly Result[], drift: readonly Drift[]): unknown {
  return {
    findings: findings.map(({ at, related = [], ...finding }) => ({
      ...finding,
      ...at,
      related: related.map((item) => ({ ...item.at, message: item.message })),
    })),
    drift: drift.map(({ path, state, source }) => ({ path, state, source })),
    outputs: results.map((result) => ({
      path: result.shown,
      written: result.report?.written ?? [],
      deleted: result.report?.deleted ?? [],
      skeletons: result.report?.skeletons ?? [],
    })),
  };
}
