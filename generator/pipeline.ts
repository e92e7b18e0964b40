import { relative, sep } from 'node:path';
import { changeRulesFor } from './change-rules.js';
import { check } from './check/check.js';
import { compareFindings, type Finding, hasErrors } from './diagnostics/finding.js';
import type { EmitInput, PlannedFile } from './emit/emitter.js';
import { commentText, visibleText } from './emit/names.js';
import { planFiles } from './emit/plan.js';
import { emitters } from './emit/registry.js';
import type { Workspace } from './load/documents.js';
import { checkFolders } from './load/folders.js';
import { readPackage } from './load/package.js';
import { readTemplates } from './load/templates.js';
import { loadWorkspace } from './load/workspace.js';
import { buildModel } from './model/build.js';
import { modelManifest } from './model/manifest.js';
import type { Model } from './model/types.js';
import { TemplateError } from './render/handlebars.js';
import { prepareTemplates, templateFinding } from './render/templates.js';
import { Cache, cacheFolder } from './write/cache.js';
import type { RenderedFile } from './write/manifest.js';

export interface PipelineOptions {
  /** Absolute folder the command runs in; paths are shown relative to it. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `YYYY-MM-DD`, for acceptances that expire. */
  readonly today: string;
  /** Replaces the output folder of the settings; absolute. */
  readonly out?: string;
  readonly progress?: (step: string) => void;
}

/** A workspace read and judged. `model` is absent when the input could not be read. */
export interface Judged {
  readonly workspace?: Workspace;
  readonly model?: Model;
  readonly findings: readonly Finding[];
  readonly rules: number;
}

/** Everything that `generate` would write, as text. `files` is absent when a finding stands in the way. */
export interface Generated extends Judged {
  readonly files?: readonly RenderedFile[];
  readonly fingerprint?: string;
}

/** contracts -> load -> model -> check. */
export async function judge(
  dir: string,
  options: PipelineOptions,
): Promise<Judged & { readonly pending: Promise<readonly Finding[]> }> {
  options.progress?.('reading contracts');
  const loaded = await loadWorkspace(dir, {
    cwd: options.cwd,
    env: options.env,
    cacheDir: cacheFolder(dir, options.cwd),
  });
  const { workspace, pendingFindings: pending } = loaded;
  const misplaced = workspace === undefined ? [] : checkFolders(workspace, options.cwd, options.out);
  const findings = [...loaded.findings, ...misplaced];
  if (workspace === undefined || findings.some((finding) => finding.unreadable)) {
    return { ...(workspace && { workspace }), findings, rules: 0, pending };
  }
  const built = buildModel(workspace);
  options.progress?.('checking rules');
  const checked = check(built.model, {
    today: options.today,
    otherRules: await changeRulesFor(built.model.settings.rules),
  });
  return {
    workspace,
    model: built.model,
    findings: [...findings, ...built.findings, ...checked.findings],
    rules: checked.rules,
    pending,
  };
}

/** contracts -> load -> model -> check, with the verdicts that take longest awaited. */
export async function checkWorkspace(dir: string, options: PipelineOptions): Promise<Judged> {
  const { pending, ...judged } = await judge(dir, options);
  // Generating says these too, while it types the schemas.
  const schemas =
    judged.model === undefined ? [] : (await import('./emit/schema-findings.js')).schemaFindings(judged.model);
  const refused = judged.model === undefined ? [] : (await import('./emit/refused.js')).refused(judged.model);
  const findings = [...judged.findings, ...schemas, ...refused, ...(await pending)];
  return { ...judged, findings: findings.sort(compareFindings) };
}

/** contracts -> load -> model -> check -> emit -> render. Nothing is written; errors stop it before anything is planned. */
export async function generateFiles(dir: string, options: PipelineOptions): Promise<Generated> {
  const { pending, ...judged } = await judge(dir, options);
  const { workspace, model } = judged;
  const stop = async (more: readonly Finding[] = []): Promise<Generated> => ({
    ...judged,
    findings: [...judged.findings, ...more, ...(await pending)].sort(compareFindings),
  });
  if (workspace === undefined || model === undefined || hasErrors(judged.findings)) return stop();
  const templates = prepareTemplates(
    readTemplates.builtIn(),
    readTemplates.own(workspace.settings.templates, options.cwd),
  );
  if (templates.render === undefined) return stop(templates.findings);
  const { render } = templates;
  const refused = (await import('./emit/refused.js')).refused(model);
  if (refused.length > 0) return stop(refused);
  options.progress?.('typing messages and operations');
  const cache = new Cache(cacheFolder(dir, options.cwd));
  const typed = await typeContracts(model, cache);
  cache.save();
  const planned = planFiles(emitters, emitInput(workspace, model, typed, options));
  const findings = [...templates.findings, ...typed.findings, ...planned.findings];
  const all = [...judged.findings, ...findings, ...(await pending)].sort(compareFindings);
  if (hasErrors(all)) return { ...judged, findings: all };
  options.progress?.('writing text');
  try {
    const files = [...typed.files, ...planned.files].map((file) =>
      rendered(file, render(file.template, safeView(file))),
    );
    return { ...judged, findings: all, files, fingerprint: modelManifest(model).fingerprint };
  } catch (error) {
    if (error instanceof TemplateError) return { ...judged, findings: [...all, templateFinding(error)] };
    throw error;
  }
}

interface Typed {
  readonly files: readonly PlannedFile[];
  readonly types: EmitInput['types'];
  readonly http: EmitInput['http'];
  readonly findings: readonly Finding[];
}

/** Types and validators: the two libraries behind them are heavy, so both are loaded at once and only when there is something to type. */
async function typeContracts(model: Model, cache: Cache): Promise<Typed> {
  const [{ planMessages }, { planHttpTypes }] = await Promise.all([
    import('./emit/outputs/messages.js'),
    import('./emit/outputs/http-types.js'),
  ]);
  const [messages, http] = await Promise.all([planMessages(model, cache), planHttpTypes(model, cache)]);
  return {
    files: [...messages.files, ...http.files],
    types: messages.types,
    http: http.index,
    findings: [...messages.findings, ...http.findings],
  };
}

function emitInput(workspace: Workspace, model: Model, typed: Typed, options: PipelineOptions): EmitInput {
  const output = options.out ?? workspace.settings.output;
  const described = readPackage(workspace.project);
  const fromGenerated = relative(`${workspace.project}${sep}generated`, output).split(sep).join('/');
  return {
    model,
    types: typed.types,
    http: typed.http,
    ...(described.mapsGenerated && !fromGenerated.startsWith('..')
      ? { alias: fromGenerated === '' ? '#generated' : `#generated/${fromGenerated}` }
      : {}),
    outputFromServices: relative(workspace.settings.services, output).split(sep).join('/'),
    ...(described.hasVitest && { testedFrom: relative(workspace.project, workspace.root).split(sep).join('/') || '.' }),
    needsModuleMarker: !described.isModule,
  };
}

/** The name of a contract file may hold anything that a file system allows, line breaks included, and stands in the comment at the head of each file. */
function safeView({ view }: PlannedFile): PlannedFile['view'] {
  return typeof view.source === 'string' ? { ...view, source: commentText(view.source) } : view;
}

function rendered(file: PlannedFile, text: string): RenderedFile {
  const { base, path, ownership, source, emitter } = file;
  const content = visibleText(path, text.endsWith('\n') ? text : `${text}\n`);
  return { base, path, ownership, source, emitter, content };
}
