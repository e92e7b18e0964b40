import type { Finding } from '../../diagnostics/finding.js';
import { comparePositions, type Position } from '../../diagnostics/position.js';
import type { FeatureDocument, Source, ValuePath, Workspace } from '../../load/documents.js';
import type { Bump } from '../bump.js';
import { raisedRange } from './range.js';

/** One text of a file replaced by another; everything around it stays as it is. */
export interface VersionEdit {
  /** Whose version or range: `feature "products"`, `"shop" needs "catalogue"`. */
  readonly what: string;
  readonly at: Position;
  readonly before: string;
  readonly after: string;
}

/** A file with its edits made. */
export interface EditedFile {
  /** Absolute. */
  readonly path: string;
  readonly file: string;
  readonly text: string;
  readonly edits: readonly VersionEdit[];
}

/**
 * What to write so that every version says what changed, and every range that would be left behind admits it. Only the version and the range are
 * replaced, wherever they stand: comments, quotes and the order of keys stay. Files that need nothing are not among them, so that a second run changes
 * nothing. A version that is written through an anchor cannot be told apart from its other uses: `bump-not-possible`.
 */
export function versionEdits(
  bumps: readonly Bump[],
  workspace: Workspace,
): { readonly files: readonly EditedFile[]; readonly findings: readonly Finding[] } {
  const wanted = [
    ...bumps.filter((bump) => !bump.done).flatMap((bump) => versionPlaces(bump, workspace)),
    ...bumps.flatMap((bump) => (bump.leaves.length === 0 ? [] : rangePlaces(bump, workspace))),
  ];
  const findings: Finding[] = [];
  const sources = [...new Set(wanted.map(({ source }) => source))];
  const files = sources.flatMap((source): readonly EditedFile[] => {
    const edits = wanted
      .filter((place) => place.source === source)
      .map(({ path, ...edit }) => ({ what: edit.what, before: edit.before, after: edit.after, at: source.at(path) }))
      .sort((a, b) => comparePositions(a.at, b.at));
    let text = source.text;
    const made: VersionEdit[] = [];
    for (const edit of [...edits].reverse()) {
      const changed = replaced(text, edit);
      if (changed === undefined) findings.push(notPossible(edit));
      else {
        text = changed;
        made.unshift(edit);
      }
    }
    return made.length === 0 ? [] : [{ path: source.path, file: source.file, text, edits: made }];
  });
  return { files: files.sort((a, b) => (a.file < b.file ? -1 : 1)), findings };
}

interface Place {
  readonly source: Source;
  readonly path: ValuePath;
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

function versionPlaces({ kind, name, is, to }: Bump, workspace: Workspace): readonly Place[] {
  const edit = { what: `${kind} "${name}"`, before: is, after: to };
  if (kind === 'document') {
    const document = [...workspace.asyncapi, ...workspace.openapi].find(({ source }) => source.file === name);
    return document === undefined ? [] : [{ source: document.source, path: ['info', 'version'], ...edit }];
  }
  if (kind === 'feature') {
    const own = workspace.features.filter((feature) => nameIn(feature) === name && feature.value.version === is);
    const shared = own.filter((feature) => feature.value.service === undefined);
    return (shared.length > 0 ? shared : own).map(({ source }) => ({ source, path: ['version'], ...edit }));
  }
  const listed = workspace.services;
  const central =
    listed?.value.services[name]?.version === is
      ? [{ source: listed.source, path: ['services', name, 'version'], ...edit }]
      : [];
  const inFeatures = workspace.features.flatMap(({ source, value: { services } }): readonly Place[] => {
    const entries = typeof services === 'object' && services !== null ? Object.entries(services) : [];
    return entries.flatMap(([key, entry]): readonly Place[] => {
      const found: unknown = typeof entry === 'object' && entry !== null ? entry : {};
      const { name: written = key, version } = found as { readonly name?: unknown; readonly version?: unknown };
      const step = Array.isArray(services) ? Number(key) : key;
      return written === name && version === is ? [{ source, path: ['services', step, 'version'], ...edit }] : [];
    });
  });
  return [...central, ...inFeatures];
}

/** Ranges of the consumers that the new version leaves behind, as `dependencies` of a feature writes them. */
function rangePlaces({ name, to, leaves }: Bump, { features }: Workspace): readonly Place[] {
  const ranges = new Set(leaves.flatMap(({ range }) => range ?? []));
  return features.flatMap(({ source, value }) =>
    rangesBelow(value.dependencies, ['dependencies']).flatMap(({ path, provider, range }): readonly Place[] =>
      provider === name && ranges.has(range)
        ? [{ source, path, what: `range of "${name}"`, before: range, after: raisedRange(range, to) }]
        : [],
    ),
  );
}

interface Range {
  readonly path: ValuePath;
  readonly provider: string;
  readonly range: string;
}

/** Every `provider: range` and `{service: provider, version: range}`. */
function rangesBelow(value: unknown, path: ValuePath): readonly Range[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => rangesBelow(item, [...path, index]));
  const { service, version } = value as { readonly service?: unknown; readonly version?: unknown };
  if (typeof service === 'string' && typeof version === 'string')
    return [{ path: [...path, 'version'], provider: service, range: version }];
  return Object.entries(value).flatMap(([provider, range]: [string, unknown]) =>
    typeof range === 'string'
      ? [{ path: [...path, provider], provider, range }]
      : rangesBelow(range, [...path, provider]),
  );
}

function nameIn({ value, folder }: FeatureDocument): string {
  const { name } = value;
  return typeof name === 'string' && !name.startsWith('{') ? name : folder;
}

/** The text with one scalar replaced; undefined when another text stands at the place. */
function replaced(text: string, { at, before, after }: VersionEdit): string | undefined {
  const start = offsetOf(text, at);
  const quote = text[start] === '"' || text[start] === "'" ? text[start] : '';
  const from = start + quote.length;
  const end = from + before.length;
  if (!text.startsWith(before, from)) return undefined;
  const next = text[end] ?? '';
  if (quote === '' ? /[\w.+-]/.test(next) : next !== quote) return undefined;
  // A range may hold what YAML reads otherwise where it is not quoted.
  const plain = quote === '' && /^[\s>*&!|%@`]|[:#]\s|,/.test(after);
  return text.slice(0, from) + (plain ? `"${after}"` : after) + text.slice(end);
}

function offsetOf(text: string, { line, column }: Position): number {
  let start = 0;
  for (let at = 1; at < line; at++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

function notPossible({ what, at, before, after }: VersionEdit): Finding {
  return {
    rule: 'bump-not-possible',
    severity: 'error',
    message: `${what} stays at ${before}: it is not written here as a plain value.`,
    at,
    fix: `write ${after} by hand.`,
  };
}
