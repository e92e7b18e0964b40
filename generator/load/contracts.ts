import { resolve } from 'node:path';
import type { Finding } from '../diagnostics/finding.js';
import { startOf } from '../diagnostics/position.js';
import type { Source } from './documents.js';
import type { Files } from './files.js';
import { hasSettings } from './find.js';
import { outside } from './folders.js';
import { isFeatureFile, kindOfDocument, looksLikeContract } from './kinds.js';
import { filesBelow, globToRegExp } from './walk.js';

export interface FoundContracts {
  readonly features: readonly Source[];
  /** AsyncAPI and OpenAPI documents that a glob matched, or that lie around when there is no feature at all. */
  readonly documents: readonly Source[];
}

/**
 * The contract files of a workspace by its globs. A folder below with a seamwright.yaml of its own is another workspace and is not entered.
 * A workspace without any feature takes every AsyncAPI and OpenAPI document below it.
 */
export function findContracts(
  root: string,
  globs: readonly string[],
  files: Files,
  settings: Source | undefined,
): FoundContracts {
  const matched = new Set<string>();
  for (const [index, glob] of globs.entries()) {
    // Looking there could take hours, and whatever lies there may not be read anyway.
    const at = settings?.at(['contracts', index]) ?? startOf(files.shown(root));
    const leadsOut = outside('contracts', baseOf(root, glob), files.project, at);
    if (leadsOut !== undefined) {
      files.report(leadsOut);
      continue;
    }
    const hits = matching(root, glob);
    for (const path of hits) matched.add(path);
    if (hits.length === 0 && settings !== undefined && isOwnGlob(settings, index))
      files.report(nothingMatches(settings, index, glob));
  }
  const sources = [...matched].sort().flatMap((path) => files.read(path) ?? []);
  const documents = sources.filter((source) => kindOfDocument(source.value) !== undefined);
  const features = sources.filter((source) => !documents.includes(source));
  if (matched.size > 0) return { features, documents };
  const around = below(root).filter((path) => !isFeatureFile(path) && looksLikeContract(path));
  return { features, documents: around.flatMap((path) => files.read(path) ?? []) };
}

/** Leading folders without a wildcard are resolved first, so that `../services/*` + `/feature.yaml` reaches beside the workspace. */
function matching(root: string, glob: string): readonly string[] {
  const base = baseOf(root, glob);
  const pattern = globToRegExp(stepsOf(glob).wild.join('/'));
  return below(base).filter((path) => pattern.test(path.slice(base.length + 1).replaceAll('\\', '/')));
}

function baseOf(root: string, glob: string): string {
  const text = stepsOf(glob).fixed.join('/');
  return resolve(root, text === '' && glob.startsWith('/') ? '/' : text || '.');
}

function stepsOf(glob: string): { readonly fixed: readonly string[]; readonly wild: readonly string[] } {
  const steps = glob.split('/');
  const wild = steps.findIndex((step) => /[*?{]/.test(step));
  const fixed = wild < 0 ? steps.length - 1 : wild;
  return { fixed: steps.slice(0, fixed), wild: steps.slice(fixed) };
}

function below(dir: string): readonly string[] {
  return filesBelow(dir, (path) => !hasSettings(path));
}

function isOwnGlob(settings: Source, index: number): boolean {
  const value = settings.value as { readonly contracts?: readonly unknown[] };
  return value.contracts?.[index] !== undefined;
}

function nothingMatches(settings: Source, index: number, glob: string): Finding {
  return {
    rule: 'load-no-match',
    severity: 'error',
    message: `"${glob}" matches no file.`,
    at: settings.at(['contracts', index]),
    fix: 'correct the pattern, or remove it; "**/feature.yaml" finds every feature below this folder.',
    unreadable: true,
  };
}
