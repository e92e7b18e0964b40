import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compareFindings, type Finding } from '../diagnostics/finding.js';
import { startOf } from '../diagnostics/position.js';
import { type Judged, verdictFindings } from './asyncapi-verdict.js';
import { findContracts } from './contracts.js';
import { documentOwners } from './document-owners.js';
import type { FeatureDocument, ServicesDocument, Source, Workspace } from './documents.js';
import { duplicateFeatures, readFeature } from './feature.js';
import { Files } from './files.js';
import { findWorkspaces } from './find.js';
import { kindOfDocument } from './kinds.js';
import { checkLanguage } from './language.js';
import { isMapping } from './place.js';
import { projectOf } from './project.js';
import { readDocuments } from './read-documents.js';
import { type Environment, readSettings } from './settings.js';

export { findWorkspaces };

export interface LoadOptions {
  /** Absolute folder the command runs in; positions are relative to it. */
  readonly cwd: string;
  /** Read for `${ENV}` in `broker` and `store`. Default: none. */
  readonly env?: Environment;
  /** Absolute folder that output hangs from and that no file may leave. Default: see `projectOf`. */
  readonly project?: string;
  /** `full` (default) lets the AsyncAPI parser judge every document whose verdict is not cached; `fast` only repeats cached verdicts. */
  readonly validate?: 'full' | 'fast';
  /** Absolute folder for verdicts of the AsyncAPI parser, by content hash. Default: no cache. */
  readonly cacheDir?: string;
  /** Text by absolute path that stands in for the file on disk. */
  readonly overlay?: ReadonlyMap<string, string>;
}

export interface Loaded {
  /** Everything that could be read; undefined when there is nothing to work on. */
  readonly workspace: Workspace | undefined;
  /** What is wrong, in the order of reports. One with `unreadable` means that the workspace is incomplete. */
  readonly findings: readonly Finding[];
  /**
   * What the AsyncAPI parser says, which takes longest and so goes on while the rest of the work does. Never rejects; await it before anything is
   * written. Empty at once with `validate: 'fast'` and nothing cached.
   */
  readonly pendingFindings: Promise<readonly Finding[]>;
}

/** Loads one folder of contracts: settings, services, features, and every document they name or refer to. */
export async function loadWorkspace(dir: string, options: LoadOptions): Promise<Loaded> {
  const root = resolve(options.cwd, dir);
  if (!existsSync(root))
    return { workspace: undefined, findings: [missing(dir)], pendingFindings: Promise.resolve([]) };
  const project = options.project ?? projectOf(root, options.cwd);
  const files = new Files({ cwd: options.cwd, project, overlay: options.overlay });
  const judged: Judged[] = [];
  const workspace = readWorkspace(root, project, files, options.env ?? {}, judged);
  const findings = [...files.findings].sort(compareFindings);
  const { validate = 'full', cacheDir } = options;
  const pendingFindings = verdictFindings(judged, files, { validate, cacheDir });
  return { workspace, findings, pendingFindings };
}

function readWorkspace(
  root: string,
  project: string,
  files: Files,
  env: Environment,
  judged: Judged[],
): Workspace | undefined {
  const settingsPath = firstExisting(root, ['seamwright.yaml', 'seamwright.yml']);
  const settingsSource = settingsPath === undefined ? undefined : readLanguage(settingsPath, 'seamwright', files);
  if (settingsPath !== undefined && settingsSource === undefined) return undefined;
  const settings = readSettings(settingsSource, root, project, env);
  const services = readServices(root, files);
  const contracts = findContracts(root, settings.contracts, files, settingsSource);
  const features = readFeatures(contracts.features, files);
  if (contracts.features.length === 0 && contracts.documents.length === 0 && files.findings.length === 0) {
    files.report(nothingHere(files.shown(root)));
    return undefined;
  }
  const lying = contracts.documents.flatMap((source) => {
    const kind = kindOfDocument(source.value);
    return kind === undefined ? [] : [[kind, source] as const];
  });
  const owners = documentOwners(features, services, lying);
  files.report(...owners.findings);
  const { asyncapi, openapi } = readDocuments(owners.documents, files, judged);
  return {
    root,
    project,
    settings,
    features,
    asyncapi,
    openapi,
    sources: files.sources,
    ...(settingsSource !== undefined && { settingsSource }),
    ...(services !== undefined && { services }),
  };
}

function readLanguage(path: string, language: 'seamwright' | 'services', files: Files): Source | undefined {
  const source = files.read(path);
  if (source === undefined) return undefined;
  const findings = checkLanguage(source, language);
  files.report(...findings);
  return findings.length === 0 ? source : undefined;
}

function readServices(root: string, files: Files): ServicesDocument | undefined {
  const path = firstExisting(root, ['services.yaml', 'services.yml', 'services.json']);
  const source = path === undefined ? undefined : readLanguage(path, 'services', files);
  if (source === undefined) return undefined;
  const written = (source.value as { readonly services: Readonly<Record<string, unknown>> }).services;
  const services = Object.fromEntries(
    Object.entries(written).map(([name, body]) => [name, isMapping(body) ? body : {}]),
  );
  return { source, value: { services } };
}

function readFeatures(sources: readonly Source[], files: Files): readonly FeatureDocument[] {
  const features = sources.flatMap((source) => {
    const { feature, findings } = readFeature(source);
    files.report(...findings);
    return feature === undefined ? [] : [feature];
  });
  files.report(...duplicateFeatures(features));
  return features;
}

function firstExisting(dir: string, names: readonly string[]): string | undefined {
  return names.map((name) => join(dir, name)).find((path) => existsSync(path));
}

function missing(dir: string): Finding {
  const message = `folder "${dir}" does not exist.`;
  return {
    rule: 'load-no-workspace',
    severity: 'error',
    message,
    at: startOf(dir),
    fix: 'name a folder that holds contracts.',
    unreadable: true,
  };
}

function nothingHere(shown: string): Finding {
  return {
    rule: 'load-no-contracts',
    severity: 'error',
    message: `folder "${shown}" holds no feature.yaml and no AsyncAPI or OpenAPI document.`,
    at: startOf(shown),
    fix: 'run "seamwright init" there, or name the folder that holds the contracts.',
    unreadable: true,
  };
}
