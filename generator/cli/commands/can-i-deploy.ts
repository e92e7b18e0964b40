import { canDeploy, type Deployability, History, verdictOf } from '../../can-i-deploy.js';
import { areConnected, obstaclesAmong, type Standing } from '../../compat/deployable.js';
import { findWorkspaces } from '../../load/find.js';
import { loadWorkspace } from '../../load/workspace.js';
import { buildModel } from '../../model/build.js';
import type { Model } from '../../model/types.js';
import type { CommandInput, ExitCode, Io } from '../command.js';
import { readEnvironment } from '../deployable/environment-file.js';
import { table } from '../operate/table.js';
import { printReport } from '../printing.js';

interface Opened {
  readonly dir: string;
  readonly model: Model;
}

interface MatrixRow {
  readonly service: string;
  readonly version: string;
  readonly with: string;
  readonly withVersion: string;
  readonly verdict: Deployability['verdict'];
  readonly rules: readonly string[];
}

const VERSIONS_MAX = 5;

/** `seamwright can-i-deploy SERVICE@VERSION --env FILE`: whether it can run beside what is deployed, from the history of the contracts alone. */
export async function canIDeploy({ args, options, io }: CommandInput): Promise<ExitCode> {
  const [first, ...rest] = args;
  const isMatrix = options.matrix === true;
  const folders = isMatrix ? args : rest;
  const { dirs, findings } = findWorkspaces(io.cwd, folders);
  if (findings.length > 0) return refuse(io, options, findings[0]?.message ?? '');
  const opened = await openAll(dirs, io);
  if (isMatrix) return matrix(opened, options, io);
  const at = first?.lastIndexOf('@') ?? -1;
  if (first === undefined || at < 1 || at === first.length - 1)
    return refuse(io, options, 'name a service and its version, such as "people@2.0.0".');
  if (typeof options.env !== 'string')
    return refuse(
      io,
      options,
      '--env is missing: a file with the versions that are deployed, such as "people: 1.4.0".',
    );
  const deployed = readEnvironment(io.cwd, options.env);
  if (typeof deployed === 'string') return refuse(io, options, deployed);
  const service = first.slice(0, at);
  const version = first.slice(at + 1);
  const mine = opened.filter(({ model }) => model.services.has(service));
  const [workspace, second] = mine;
  if (workspace === undefined || second !== undefined)
    return refuse(
      io,
      options,
      workspace === undefined
        ? `no contract names a service "${service}".`
        : `several systems have a service "${service}"; name the workspace as well.`,
    );
  const history = historyOf(workspace, io);
  const answer = await canDeploy(history, service, version, deployed);
  io.progress('');
  return tell(service, version, answer, options, io);
}

function tell(
  service: string,
  version: string,
  { verdict, reasons, compared, findings }: Deployability,
  options: CommandInput['options'],
  io: Io,
): ExitCode {
  const unknown = findings.length > 0;
  if (options.format === 'json') {
    const plain = findings.map(({ at, ...rest }) => ({ ...rest, ...at }));
    io.out(
      JSON.stringify(
        { service, version, verdict: unknown ? null : verdict, reasons, compared, findings: plain },
        null,
        2,
      ),
    );
  } else if (unknown) printReport(io, options, findings, undefined);
  else {
    const beside = compared.map((each) => `${each.service} ${each.version}`).join(', ');
    const said = { yes: 'yes', no: 'no', unproven: 'unproven' }[verdict];
    io.out(`${said}: ${service} ${version} beside ${beside === '' ? 'nothing that it has to do with' : beside}`);
    for (const reason of reasons) {
      const who = reason.with === undefined ? '' : `${reason.with} ${reason.version}: `;
      io.out(`  ${who}${reason.rule}  ${reason.message}`);
      if (reason.counterexample !== undefined) io.out(`    ${JSON.stringify(reason.counterexample)}`);
    }
  }
  if (unknown) return 2;
  return verdict === 'yes' ? 0 : verdict === 'no' ? 1 : 3;
}

/** Every pair of services that have to do with each other, in the last versions that each had. */
async function matrix(opened: readonly Opened[], options: CommandInput['options'], io: Io): Promise<ExitCode> {
  const rows: MatrixRow[] = [];
  for (const workspace of opened) {
    const history = historyOf(workspace, io);
    const names = [...workspace.model.services.values()]
      .filter(({ role }) => role !== 'external')
      .map(({ name }) => name)
      .sort();
    const standings = new Map<string, (readonly Standing[])[]>();
    for (const name of names) {
      const versions = await history.versionsOf(name, VERSIONS_MAX);
      standings.set(name, await Promise.all(versions.map((version) => history.standings(name, version))));
    }
    for (const [index, name] of names.entries())
      for (const other of names.slice(index + 1))
        for (const ones of standings.get(name) ?? [])
          for (const others of standings.get(other) ?? []) rows.push(...rowOf(ones, others, history));
  }
  io.progress('');
  if (options.format === 'json') io.out(JSON.stringify({ matrix: rows }, null, 2));
  else if (options.format === 'markdown') {
    io.out('| service | beside | works | why not |\n|---|---|---|---|');
    for (const row of rows)
      io.out(
        `| ${row.service} ${row.version} | ${row.with} ${row.withVersion} | ${row.verdict} | ${row.rules.join(', ')} |`,
      );
  } else
    for (const line of table(
      ['SERVICE', 'BESIDE', 'WORKS', 'WHY NOT'],
      rows.map((row) => [
        `${row.service} ${row.version}`,
        `${row.with} ${row.withVersion}`,
        row.verdict,
        row.rules.join(', '),
      ]),
    ))
      io.out(line);
  return 0;
}

function rowOf(ones: readonly Standing[], others: readonly Standing[], history: History): readonly MatrixRow[] {
  const [one] = ones;
  const [other] = others;
  if (one === undefined || other === undefined || !areConnected(one, other)) return [];
  const obstacles = obstaclesAmong(ones, others, history.judge);
  const rules = [...new Set(obstacles.map(({ rule }) => rule))];
  const { service, version } = one;
  return [{ service, version, with: other.service, withVersion: other.version, verdict: verdictOf(obstacles), rules }];
}

function historyOf({ dir, model }: Opened, io: Io): History {
  return new History(dir, model.system, model, { cwd: io.cwd, env: io.env, progress: io.progress });
}

async function openAll(dirs: readonly string[], io: Io): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  for (const dir of dirs) {
    const { workspace } = await loadWorkspace(dir, { cwd: io.cwd, env: io.env, validate: 'fast' });
    if (workspace !== undefined) opened.push({ dir, model: buildModel(workspace).model });
  }
  return opened;
}

function refuse(io: Io, options: CommandInput['options'], mistake: string): ExitCode {
  if (options.format === 'json') io.out(JSON.stringify({ findings: [], error: mistake }));
  else io.err(`error: ${mistake}`);
  return 2;
}
