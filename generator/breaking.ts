import { relative, sep } from 'node:path';
import type { Versioned } from './compat/bump.js';
import { diff } from './compat/diff.js';
import { impactOf } from './compat/impact.js';
import { judge } from './compat/judge.js';
import type { Revisions } from './compat/rule.js';
import type { Finding } from './diagnostics/finding.js';
import { withSeverities } from './diagnostics/severities.js';
import type { Workspace } from './load/documents.js';
import { readPactUses } from './load/pacts.js';
import { type Opened, openRevision, type Revision } from './load/revision.js';
import { type Loaded, loadWorkspace } from './load/workspace.js';
import { buildModel } from './model/build.js';
import type { Model } from './model/types.js';
import type { PipelineOptions } from './pipeline.js';
import type { BreakingRun, Comparison } from './report/breaking/run.js';

export interface BreakingOptions extends PipelineOptions {
  /** What to compare with, as `openRevision` takes it. Default: `breaking.against` of each workspace, else the main branch. */
  readonly against?: string;
  /** Text by absolute path that stands in for a file of today. */
  readonly overlay?: ReadonlyMap<string, string>;
}

/** Both sides of a workspace, read. `before` is absent when the revision does not have it. */
export interface Compared {
  readonly comparison: Comparison;
  readonly workspace?: Workspace;
  /** As it stands now. */
  readonly model?: Model;
  readonly revisions?: Revisions;
}

/** contracts at a revision + contracts now -> models -> diff -> judge -> impact, for each workspace. */
export async function breaking(dirs: readonly string[], options: BreakingOptions): Promise<BreakingRun> {
  const { compared, findings } = await compareWorkspaces(dirs, options);
  return { comparisons: compared.map(({ comparison }) => comparison), findings };
}

/** As `breaking`, with both models for those who go on from there. Each revision is opened once; what was unpacked is deleted before this returns. */
export async function compareWorkspaces(
  dirs: readonly string[],
  options: BreakingOptions,
): Promise<{ readonly compared: readonly Compared[]; readonly findings: readonly Finding[] }> {
  const opened = new Map<string, Opened>();
  const compared: Compared[] = [];
  const findings: Finding[] = [];
  try {
    for (const dir of dirs) {
      options.progress?.('reading contracts');
      const loaded = await loadWorkspace(dir, {
        cwd: options.cwd,
        env: options.env,
        validate: 'fast',
        ...(options.overlay === undefined ? {} : { overlay: options.overlay }),
      });
      if (loaded.workspace === undefined) {
        findings.push(...loaded.findings);
        continue;
      }
      const against = options.against ?? loaded.workspace.settings.breaking.against;
      const from = options.against === undefined ? dir : options.cwd;
      const key = `${from}\0${against ?? ''}`;
      const found = opened.get(key) ?? openRevision(against, { cwd: options.cwd, from, dirs, env: options.env });
      if (!opened.has(key) && 'finding' in found) findings.push(found.finding);
      opened.set(key, found);
      if ('revision' in found)
        compared.push(await compare(dir, loaded.workspace, loaded.findings, found.revision, options));
    }
    return { compared, findings };
  } finally {
    for (const found of opened.values()) if ('revision' in found) found.revision.close();
  }
}

async function compare(
  dir: string,
  workspace: Workspace,
  loading: readonly Finding[],
  revision: Revision,
  options: BreakingOptions,
): Promise<Compared> {
  const { system } = workspace.settings;
  const unreadable = loading.filter((finding) => finding.unreadable);
  const told = {
    system,
    folder: portable(options.cwd, dir),
    against: revision.name,
    ...(revision.note === undefined ? {} : { note: revision.note }),
    isNew: false,
  };
  if (unreadable.length > 0) return { comparison: { ...told, findings: unreadable } };
  const after = buildModel(workspace).model;
  const standing = revision.standingOf(dir, system);
  if (standing === undefined) return { comparison: { ...told, isNew: true, findings: [] }, workspace, model: after };
  options.progress?.(`reading ${revision.name}`);
  const old = await loadOld(standing, workspace, revision, options);
  const isLost = old.findings.some((finding) => finding.unreadable);
  const before = old.workspace && buildModel(old.workspace).model;
  // A model without any feature would make everything look new, and so nothing break.
  if (old.workspace === undefined || before === undefined || (isLost && before.features.size === 0))
    return { comparison: { ...told, findings: [lost(old.findings, revision)] }, workspace };
  const revisions: Revisions = { before, after, uses: readPactUses(workspace.root) };
  options.progress?.('comparing');
  const { rules } = after.settings;
  const found = impactOf({
    judgements: withSeverities(judge(diff(revisions.before, revisions.after), revisions), rules),
    revisions,
    versioned: versionedOf(old.workspace, workspace, revisions),
    today: options.today,
  });
  const impact = { ...found, findings: withSeverities(found.findings, rules) };
  const findings = isLost ? [incomplete(old.findings, revision)] : [];
  return { comparison: { ...told, findings, impact }, workspace, model: after, revisions };
}

/** Contracts of the past count as far as they can be read today. Settings that are no longer valid are replaced by those of today. */
async function loadOld(
  standing: { readonly dir: string; readonly root: string },
  today: Workspace,
  revision: Revision,
  options: BreakingOptions,
): Promise<Loaded> {
  const load = { cwd: revision.cwd, project: standing.root, env: options.env, validate: 'fast' } as const;
  const loaded = await loadWorkspace(standing.dir, load);
  const { settingsSource } = today;
  if (loaded.workspace !== undefined || settingsSource === undefined) return loaded;
  const name = portable(today.root, settingsSource.path);
  const overlay = new Map([[`${standing.dir}${sep}${name}`, settingsSource.text]]);
  const again = await loadWorkspace(standing.dir, { ...load, overlay });
  return again.workspace === undefined ? loaded : { ...again, findings: [...loaded.findings, ...again.findings] };
}

function incomplete(findings: readonly Finding[], { name }: Revision): Finding {
  return {
    ...unreadIn(findings),
    severity: 'warning',
    message: `parts of ${name} cannot be read as contracts today, so what they said is not compared: ${whyUnread(findings)}`,
    fix: 'compare with a later revision, or look at these parts yourself.',
  };
}

function lost(findings: readonly Finding[], { name }: Revision): Finding {
  return {
    ...unreadIn(findings),
    severity: 'error',
    message: `the contracts of ${name} cannot be read today, so nothing could be compared: ${whyUnread(findings)}`,
    fix: 'compare with a later revision.',
    unreadable: true,
  };
}

function whyUnread(findings: readonly Finding[]): string {
  return findings.find((finding) => finding.unreadable)?.message ?? 'nothing is there.';
}

function unreadIn(findings: readonly Finding[]): Pick<Finding, 'rule' | 'at' | 'related'> {
  const [first, ...others] = findings.filter((finding) => finding.unreadable);
  return {
    rule: 'revision-incomplete',
    at: first?.at ?? { file: '.', line: 1, column: 1 },
    related: others.slice(0, 5).map(({ at, message }) => ({ at, message })),
  };
}

/** Everything that had a version and still has one. */
function versionedOf(old: Workspace, now: Workspace, { before, after }: Revisions): readonly Versioned[] {
  const features = [...after.features.values()].flatMap(({ name, version, at }): readonly Versioned[] => {
    const was = before.features.get(name)?.version;
    return was === undefined || version === undefined
      ? []
      : [{ kind: 'feature', name, before: was, after: version, at }];
  });
  const services = [...after.services.values()].flatMap(({ name, role, version, at }): readonly Versioned[] => {
    const was = before.services.get(name)?.version;
    const carries = role === 'shared' ? sharedBy(after, name) : [];
    return was === undefined || version === undefined
      ? []
      : [{ kind: 'service', name, before: was, after: version, at, carries }];
  });
  const documentsOf = ({ asyncapi, openapi }: Workspace) => [...asyncapi, ...openapi];
  const versions = new Map(
    documentsOf(old).map(({ source, infoVersion }) => [portable(old.root, source.path), infoVersion]),
  );
  const documents = documentsOf(now).flatMap(({ source, infoVersion }): readonly Versioned[] => {
    const was = versions.get(portable(now.root, source.path));
    if (was === undefined || infoVersion === undefined) return [];
    const at = source.at(['info', 'version']);
    return [{ kind: 'document', name: source.file, before: was, after: infoVersion, at }];
  });
  return [...features, ...documents, ...services];
}

/** Features whose constants and schemas a library holds. */
function sharedBy({ features }: Model, service: string): readonly string[] {
  return [...features.values()]
    .filter(({ name, type, participants }) => type === 'shared' && (name === service || participants.includes(service)))
    .map(({ name }) => name);
}

function portable(from: string, path: string): string {
  return relative(from, path).split(sep).join('/') || '.';
}
