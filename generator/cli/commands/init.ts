import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Finding } from '../../diagnostics/finding.js';
import { findWorkspaces } from '../../load/find.js';
import { checkWorkspace } from '../../pipeline.js';
import type { CommandInput, ExitCode, Io } from '../command.js';
import { type Adoption, readAdoption } from '../init/adoption.js';
import { withGeneratedImports } from '../init/package-imports.js';
import { systemMap } from '../init/system-map.js';
import { workspaceFiles } from '../init/texts.js';
import { isRepository, workflowPath, workflowText } from '../init/workflow.js';
import { exitCodeOf, printReport } from '../printing.js';

interface Step {
  /** As shown to people. */
  readonly path: string;
  readonly what: 'new' | 'kept' | 'changed';
}

/** `seamwright init`: a workspace around the AsyncAPI and OpenAPI files that are there. Nothing is moved, nothing is overwritten. */
export async function init({ args, options, io }: CommandInput): Promise<ExitCode> {
  const dir = resolve(io.cwd, args[0] ?? '.');
  if (!existsSync(dir) || !statSync(dir).isDirectory()) {
    io.err(`error: "${args[0]}" is not a folder. Name the one that holds the AsyncAPI and OpenAPI files.`);
    return 2;
  }
  io.progress('looking for documents');
  const existing = findWorkspaces(dir, []).dirs.filter((found) => existsSync(join(found, 'seamwright.yaml')));
  if (existing.length > 0) return already(existing, options, io);
  const found = await readAdoption(dir, io.cwd);
  if (found.kind === 'nothing') {
    io.err(`error: no AsyncAPI or OpenAPI document lies below "${shown(io, dir)}".`);
    io.err('  fix: name another folder, or write a contracts/<feature>/feature.yaml with an asyncapi.yaml beside it.');
    return 2;
  }
  if (found.kind === 'unreadable') {
    printReport(io, options, found.findings, undefined);
    if (options.format !== 'json') io.err('Nothing was written: mend these first, then run init again.');
    return exitCodeOf(found.findings);
  }
  const { adoption } = found;
  const dryRun = options.dryRun === true;
  const steps = [
    ...writeWorkspace(adoption, dryRun, io),
    ...mapGenerated(adoption, dryRun, io),
    ...writeWorkflow(adoption, dryRun, io),
  ];
  const findings = dryRun ? [] : await judged(adoption, io);
  io.progress('');
  if (options.format === 'json') io.out(JSON.stringify(asJson(adoption, steps, findings, io), null, 2));
  else tell(adoption, steps, findings, dryRun, options, io);
  return exitCodeOf(findings);
}

function already(dirs: readonly string[], options: CommandInput['options'], io: Io): ExitCode {
  const paths = dirs.map((found) => shown(io, found));
  io.progress('');
  if (options.format === 'json') io.out(JSON.stringify({ workspaces: paths, files: [] }, null, 2));
  else {
    for (const path of paths) io.out(`${path}/seamwright.yaml is there already; nothing was written.`);
    io.out('next: seamwright generate');
  }
  return 0;
}

function writeWorkspace(adoption: Adoption, dryRun: boolean, io: Io): readonly Step[] {
  return workspaceFiles(adoption).map(({ path, text }) => {
    const file = join(adoption.root, path);
    const kept = existsSync(file);
    // `wx` refuses to overwrite, also when the file appeared a moment ago.
    if (!kept && !dryRun) writeFileSync(file, text, { flag: 'wx' });
    return { path: shown(io, file), what: kept ? 'kept' : 'new' };
  });
}

function mapGenerated(adoption: Adoption, dryRun: boolean, io: Io): readonly Step[] {
  const file = join(adoption.project, 'package.json');
  if (!existsSync(file)) return [];
  const text = withGeneratedImports(readFileSync(file, 'utf8'));
  if (text === undefined) return [];
  if (!dryRun) writeFileSync(file, text);
  return [{ path: shown(io, file), what: 'changed' }];
}

/** Pull requests are where contracts are kept or broken: a repository gets a workflow that looks at each. */
function writeWorkflow({ project }: Adoption, dryRun: boolean, io: Io): readonly Step[] {
  if (!isRepository(project)) return [];
  const file = join(project, workflowPath);
  const kept = existsSync(file);
  if (!kept && !dryRun) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, workflowText, { flag: 'wx' });
  }
  return [{ path: shown(io, file), what: kept ? 'kept' : 'new' }];
}

async function judged(adoption: Adoption, io: Io): Promise<readonly Finding[]> {
  const { cwd, env, today, progress } = io;
  return (await checkWorkspace(adoption.root, { cwd, env, today, progress })).findings;
}

function tell(
  adoption: Adoption,
  steps: readonly Step[],
  findings: readonly Finding[],
  dryRun: boolean,
  options: CommandInput['options'],
  io: Io,
): void {
  const words = { new: dryRun ? 'would write' : 'wrote', kept: 'kept', changed: dryRun ? 'would change' : 'changed' };
  if (options.quiet !== true) {
    for (const line of systemMap(adoption)) io.out(line);
    io.out('');
  }
  for (const { path, what } of steps)
    io.out(`${words[what]} ${path}${path.endsWith('package.json') ? ': imports "#generated/*"' : ''}`);
  const errors = findings.filter(({ severity, unreadable }) => severity === 'error' || unreadable);
  const advice = findings.length - errors.length;
  if (errors.length > 0) printReport(io, options, errors, undefined);
  else if (advice > 0) io.out(`no errors; "seamwright check" has ${advice} ${advice === 1 ? 'remark' : 'remarks'}`);
  io.out(errors.length > 0 ? 'next: mend these, then run seamwright generate' : 'next: seamwright generate');
}

function asJson(adoption: Adoption, steps: readonly Step[], findings: readonly Finding[], io: Io): unknown {
  return {
    system: adoption.system,
    workspaces: [shown(io, adoption.root)],
    files: steps,
    services: adoption.services.map(({ name, role, version, asyncapi, openapi }) => ({
      name,
      role,
      ...(version && { version }),
      ...(asyncapi && { asyncapi: shown(io, asyncapi) }),
      ...(openapi && { openapi: shown(io, openapi) }),
    })),
    findings: findings.map(({ at, related = [], ...finding }) => ({
      ...finding,
      ...at,
      related: related.map((item) => ({ ...item.at, message: item.message })),
    })),
  };
}

function shown(io: Io, path: string): string {
  return relative(io.cwd, path).split(sep).join('/') || '.';
}
