import { type Versions, versionsOf } from '../../compat/versions.js';
import type { Finding } from '../../diagnostics/finding.js';
import { formatPosition } from '../../diagnostics/position.js';
import { findWorkspaces } from '../../load/find.js';
import { loadWorkspace } from '../../load/workspace.js';
import { buildModel } from '../../model/build.js';
import type { CommandInput, ExitCode } from '../command.js';
import { table } from '../operate/table.js';
import { exitCodeOf, printReport } from '../printing.js';

/** `seamwright versions`: every version that contracts say, every range, and where they disagree. */
export async function versions({ args, options, io }: CommandInput): Promise<ExitCode> {
  const { dirs, findings: missing } = findWorkspaces(io.cwd, args);
  const findings: Finding[] = [...missing];
  const found: (Versions & { readonly system: string })[] = [];
  for (const dir of dirs) {
    const loaded = await loadWorkspace(dir, { cwd: io.cwd, env: io.env, validate: 'fast' });
    findings.push(...loaded.findings.filter((finding) => finding.unreadable));
    const { workspace } = loaded;
    if (workspace === undefined) continue;
    const documents = [...workspace.asyncapi, ...workspace.openapi].flatMap(({ source, infoVersion: version }) =>
      version === undefined
        ? []
        : [{ kind: 'document' as const, name: source.file, version, at: source.at(['info', 'version']) }],
    );
    const made = versionsOf(buildModel(workspace).model, documents);
    found.push({ system: workspace.settings.system, ...made });
    findings.push(...made.findings);
  }
  io.progress('');
  if (options.format === 'json') {
    io.out(
      JSON.stringify(
        {
          findings: findings.map(({ at, ...rest }) => ({ ...rest, ...at })),
          systems: found.map(({ system, lines, ranges }) => ({ system, versions: lines, ranges })),
        },
        null,
        2,
      ),
    );
    return exitCodeOf(findings);
  }
  for (const { system, lines, ranges } of found) {
    const versionRows = lines.map(({ kind, name, version, at }) => [kind, name, version, formatPosition(at)]);
    const rangeRows = ranges.map((each) => [
      each.consumer,
      each.provider,
      each.range,
      each.version ?? '',
      holdsText(each.holds),
    ]);
    for (const line of [
      system,
      ...table(['KIND', 'NAME', 'VERSION', 'WHERE'], versionRows),
      '',
      ...table(['CONSUMER', 'PROVIDER', 'RANGE', 'IS', 'HOLDS'], rangeRows),
      ...(rangeRows.length > 0 ? [''] : []),
    ])
      io.out(line);
  }
  if (findings.length > 0) printReport(io, options, findings, undefined);
  return exitCodeOf(findings);
}

function holdsText(holds: boolean | undefined): string {
  return holds === undefined ? 'unknown' : holds ? 'yes' : 'no';
}
