import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compareFindings, type Finding } from '../diagnostics/finding.js';
import { startOf } from '../diagnostics/position.js';
import { checkAsyncApi } from './asyncapi-check.js';
import { readAsyncApi } from './asyncapi-document.js';
import { type Judged, verdictFindings } from './asyncapi-verdict.js';
import { findContracts } from './contracts.js';
import { documentOwners, type OwnedDocument, serviceOf } from './document-owners.js';
import type {
  AsyncApiDocument,
  FeatureDocument,
  OpenApiDocument,
  ServicesDocument,
  Source,
  Workspace,
} from './documents.js';
import { duplicateFeatures, readFeature } from './feature.js';
import { Files } from './files.js';
import { findWorkspaces } from './find.js';
import { type DocumentKind, kindOfDocument } from './kinds.js';
import { checkLanguage } from './language.js';
import { readOpenApi } from './openapi.js';
import { checkOpenApi } from './openapi-check.js';
import { isMapping } from './place.js';
import { projectOf } from './project.js';
import { References, readReferenced } from './references.js';
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
  owners.findings.forEach((finding) => files.report(finding));
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
  findings.forEach((finding) => files.report(finding));
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
    findings.forEach((finding) => files.report(finding));
    return feature === undefined ? [] : [feature];
  });
  duplicateFeatures(features).forEach((finding) => files.report(finding));
  return features;
}

/** `judged` receives the AsyncAPI documents that are sound enough for the parser's judgement: what is unreadable was told already. */
function readDocuments(
  documents: readonly OwnedDocument[],
  files: Files,
  judged: Judged[],
): { asyncapi: AsyncApiDocument[]; openapi: OpenApiDocument[] } {
  const references = new References(files);
  const asyncapi: AsyncApiDocument[] = [];
  const openapi: OpenApiDocument[] = [];
  for (const document of documents) {
    const source = files.read(document.path, document.at);
    if (source === undefined || !isOfKind(source, document, files)) continue;
    const before = files.findings.length;
    const reached = readReferenced(source, files, references);
    const owner = { service: serviceOf(document, source), features: document.features };
    const findings = document.kind === 'asyncapi' ? checkAsyncApi(source) : checkOpenApi(source, references);
    findings.forEach((finding) => files.report(finding));
    if (findings.some((finding) => finding.unreadable)) continue;
    if (document.kind === 'openapi') openapi.push(readOpenApi(source, references, owner));
    else {
      asyncapi.push(readAsyncApi(source, references, owner));
      if (!files.findings.slice(before).some((finding) => finding.unreadable)) judged.push({ source, reached });
    }
  }
  return { asyncapi, openapi };
}

const NOUNS: Readonly<Record<DocumentKind, string>> = { asyncapi: 'AsyncAPI', openapi: 'OpenAPI' };

function isOfKind(source: Source, document: OwnedDocument, files: Files): boolean {
  const kind = kindOfDocument(source.value);
  if (kind === document.kind) return true;
  const found =
    kind === undefined ? `has no "${document.kind}: <version>" at its root` : `is an ${NOUNS[kind]} document`;
  files.report({
    rule: 'load-wrong-document',
    severity: 'error',
    message: `"${source.file}" is named as an ${NOUNS[document.kind]} document, but ${found}.`,
    at: document.at,
    fix: kind === undefined ? `add "${document.kind}: <version>", or name another file.` : `name it under "${kind}".`,
    related: [{ at: source.at([]), message: 'the document' }],
    unreadable: true,
  });
  return false;
}

function firstExisting(dir: string, names: readonly string[]): string | undefined {
  return names.map((name) => join(dir, name)).find((path) => existsSync(path));
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
