import { dirname, resolve } from 'node:path';
import type { Finding } from '../../generator/diagnostics/finding.js';
import { formatPosition, startOf } from '../../generator/diagnostics/position.js';
import type { Workspace } from '../../generator/load/documents.js';
import { Files } from '../../generator/load/files.js';
import { projectOf } from '../../generator/load/project.js';
import { readDocuments } from '../../generator/load/read-documents.js';
import { readSettings } from '../../generator/load/settings.js';
import { loadWorkspace } from '../../generator/load/workspace.js';
import { buildModel } from '../../generator/model/build.js';
import { UsageError } from '../../runtime/errors.js';
import { type Provider, providersOf } from './provider.js';

/** Where the contract of a stub is. */
export interface ContractPlace {
  /** OpenAPI document by itself: a file, or the document as a value. */
  readonly document?: string | object;
  /** Folder of contracts. */
  readonly workspace?: string;
  /** Folder that relative paths start from. Default: the working folder. */
  readonly cwd?: string;
}

/** Every provider of a document or of a workspace. Throws `UsageError` that names the place when it cannot be read. */
export async function readContract(place: ContractPlace): Promise<readonly Provider[]> {
  const cwd = place.cwd ?? process.cwd();
  if ((place.document === undefined) === (place.workspace === undefined))
    throw new UsageError('a stub serves either one OpenAPI document or the contracts of a workspace: name one of them');
  const { workspace, findings } =
    place.document === undefined
      ? await loadWorkspace(place.workspace ?? '.', { cwd, validate: 'fast' })
      : readAlone(place.document, cwd);
  const unreadable = findings.filter((finding) => finding.unreadable);
  if (workspace === undefined || unreadable.length > 0) throw new UsageError(reasonOf(unreadable, findings));
  return providersOf(buildModel(workspace).model, workspace);
}

/** A workspace of nothing but one document. */
function readAlone(
  document: string | object,
  cwd: string,
): { readonly workspace: Workspace; readonly findings: readonly Finding[] } {
  const path = resolve(cwd, typeof document === 'string' ? document : 'document.json');
  const root = dirname(path);
  const overlay = typeof document === 'string' ? undefined : new Map([[path, JSON.stringify(document)]]);
  const project = projectOf(root, cwd);
  const files = new Files({ cwd, project, overlay });
  const at = startOf(files.shown(path));
  const { openapi } = readDocuments([{ path, kind: 'openapi', service: undefined, features: [], at }], files, []);
  const settings = readSettings(undefined, root, project, {});
  return {
    workspace: { root, project, settings, features: [], asyncapi: [], openapi, sources: files.sources },
    findings: files.findings,
  };
}

function reasonOf(unreadable: readonly Finding[], all: readonly Finding[]): string {
  const told = (unreadable.length > 0 ? unreadable : all).slice(0, 3);
  return told.length === 0
    ? 'nothing was found to serve'
    : told.map(({ at, message }) => `${formatPosition(at)}: ${message.replace(/\.$/, '')}`).join('; ');
}
