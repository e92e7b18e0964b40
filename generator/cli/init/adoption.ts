import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { check } from '../../check/check.js';
import type { Finding } from '../../diagnostics/finding.js';
import type { AsyncApiDocument, OpenApiDocument } from '../../load/documents.js';
import { isFeatureFile, looksLikeContract } from '../../load/kinds.js';
import { encloses, projectOf } from '../../load/project.js';
import { filesBelow } from '../../load/walk.js';
import { loadWorkspace } from '../../load/workspace.js';
import { buildModel } from '../../model/build.js';
import { kebab } from '../../model/naming.js';
import type { Model, Role } from '../../model/types.js';

/** A service as the documents tell of it. */
export interface AdoptedService {
  readonly name: string;
  readonly role: Role;
  /** Semantic version with three parts, when a document gives one. */
  readonly version?: string;
  /** Absolute paths of its documents. */
  readonly asyncapi?: string;
  readonly openapi?: string;
}

/** What somebody's AsyncAPI and OpenAPI files become. */
export interface Adoption {
  /** Absolute folder of the workspace: the deepest one that holds every document. */
  readonly root: string;
  /** Absolute folder of the nearest package.json, which output hangs from. */
  readonly project: string;
  readonly system: string;
  readonly services: readonly AdoptedService[];
  readonly model: Model;
}

export type Found =
  | { readonly kind: 'adoption'; readonly adoption: Adoption; readonly findings: readonly Finding[] }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly findings: readonly Finding[] };

const TEST_FOLDERS = new Set(['test', 'tests', '__tests__', 'fixtures', '__fixtures__']);

/** Reads every document below `dir`; folders of tests are left out, because their documents may be wrong on purpose. */
export async function readAdoption(dir: string, cwd: string): Promise<Found> {
  const paths = filesBelow(dir, (_, name) => !TEST_FOLDERS.has(name)).filter(
    (path) => looksLikeContract(path) && !isFeatureFile(path),
  );
  const root = commonFolder(paths.map(dirname));
  if (root === undefined) return { kind: 'nothing' };
  const project = projectOf(root, cwd);
  const { workspace, findings } = await loadWorkspace(root, { cwd, project, validate: 'fast' });
  if (workspace === undefined || findings.some(({ unreadable }) => unreadable)) return { kind: 'unreadable', findings };
  const chosen = {
    ...workspace,
    asyncapi: workspace.asyncapi.filter(({ source }) => paths.includes(source.path)),
    openapi: workspace.openapi.filter(({ source }) => paths.includes(source.path)),
  };
  const { model } = buildModel(chosen);
  const services = adoptedServices(chosen.asyncapi, chosen.openapi, model);
  const system = systemName(project, root);
  return { kind: 'adoption', adoption: { root, project, system, services, model }, findings };
}

function commonFolder(folders: readonly string[]): string | undefined {
  return folders.reduce<string | undefined>((common, folder) => {
    if (common === undefined) return folder;
    let shared = common;
    while (!encloses(shared, folder)) shared = dirname(shared);
    return shared;
  }, undefined);
}

/** One service per title; a second document of the same kind and title becomes a service of its own, named after its file as well. */
function adoptedServices(
  asyncapi: readonly AsyncApiDocument[],
  openapi: readonly OpenApiDocument[],
  model: Model,
): readonly AdoptedService[] {
  const services = new Map<string, { asyncapi?: string; openapi?: string; version?: string }>();
  const add = (kind: 'asyncapi' | 'openapi', document: AsyncApiDocument | OpenApiDocument): void => {
    const named = document.service ?? nameOf(document);
    const name = services.get(named)?.[kind] === undefined ? named : unused(services, `${named}-${fileStem(document)}`);
    const version = threeParts(document.infoVersion);
    services.set(name, { ...(version && { version }), ...services.get(name), [kind]: document.source.path });
  };
  for (const document of asyncapi) add('asyncapi', document);
  for (const document of openapi) add('openapi', document);
  const roles = guessedRoles(model);
  return [...services]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, documents]) => ({ name, role: roles(name), ...documents }));
}

/** Roles are guessed from names. A guess that breaks a role rule would be an error that nobody made, so then none is kept. */
function guessedRoles(model: Model): (name: string) => Role {
  const { findings } = check(model, { today: '0000-01-01' });
  const wrong = findings.some(({ rule, severity }) => rule.startsWith('role-') && severity === 'error');
  return (name) => (wrong ? 'service' : (model.services.get(name)?.role ?? 'service'));
}

function nameOf(document: AsyncApiDocument | OpenApiDocument): string {
  const slug = kebab(document.title ?? '').replace(/^[^a-z]+/, '');
  return slug === '' ? 'application' : slug.slice(0, 60).replace(/-+$/, '');
}

function fileStem(document: AsyncApiDocument | OpenApiDocument): string {
  const file = document.source.path.split(sep).at(-1) ?? '';
  return kebab(file.replace(/\.(ya?ml|json)$/, ''));
}

function unused(taken: ReadonlyMap<string, unknown>, name: string): string {
  for (let count = 2, candidate = name; ; candidate = `${name}-${count}`, count += 1)
    if (!taken.has(candidate)) return candidate;
}

function threeParts(version: string | undefined): string | undefined {
  return version !== undefined && /^\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?$/.test(version) ? version : undefined;
}

/** The name in package.json without its scope, else the name of the project's folder. */
function systemName(project: string, root: string): string {
  const folder = (encloses(project, root) ? project : root).split(sep).at(-1) ?? '';
  const names = [packageName(project)?.replace(/^@[^/]*\//, ''), folder].map((name) =>
    kebab(name ?? '').replace(/^[^a-z]+/, ''),
  );
  return names.find((name) => name !== '') ?? 'system';
}

function packageName(project: string): string | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

/** `path` as a file in `folder` would write it: `./orders.yaml`, `../docs/orders.yaml`. */
export function writtenPath(folder: string, path: string): string {
  const between = relative(folder, path).split(sep).join('/');
  return between.startsWith('.') ? between : `./${between}`;
}
