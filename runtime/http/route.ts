import { UsageError } from '../errors.js';

/** A route that fits: what was registered, and the decoded values of its path parameters. */
export type Match<T> =
  | { readonly kind: 'found'; readonly target: T; readonly parameters: ReadonlyMap<string, string> }
  | { readonly kind: 'method'; readonly allow: readonly string[] }
  | { readonly kind: 'none' }
  /** A parameter is no percent-encoded UTF-8. */
  | { readonly kind: 'malformed' };

export interface Route<T> {
  readonly method: string;
  readonly path: string;
  readonly target: T;
}

/** Finds the route of a request. Where several templates fit, text wins over parameters, from left to right. */
export function createRouter<T>(routes: readonly Route<T>[]): (method: string, path: string) => Match<T> {
  const bySegments = new Map<number, Compiled<T>[]>();
  for (const route of routes) {
    const segments = route.path.split('/').map((segment) => compile(segment, route.path));
    const compiled = { ...route, segments };
    bySegments.set(segments.length, [...(bySegments.get(segments.length) ?? []), compiled]);
  }
  for (const list of bySegments.values()) list.sort((a, b) => compareSpecificity(a.segments, b.segments));

  return (method, path) => {
    const parts = path.split('/');
    const allow = new Set<string>();
    for (const route of bySegments.get(parts.length) ?? []) {
      const values = matchAll(route.segments, parts);
      if (values === undefined) continue;
      if (route.method !== method) {
        allow.add(route.method);
        continue;
      }
      const parameters = decodeAll(values);
      return parameters === undefined ? { kind: 'malformed' } : { kind: 'found', target: route.target, parameters };
    }
    return allow.size === 0 ? { kind: 'none' } : { kind: 'method', allow: [...allow].sort() };
  };
}

interface Compiled<T> extends Route<T> {
  readonly segments: readonly Segment[];
}

/** `report-{id}.{format}` has the texts `report-`, `.` and `` around the parameters `id` and `format`. */
interface Segment {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

function compile(segment: string, path: string): Segment {
  const parts = segment.split(/\{([^{}]*)\}/);
  const texts = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  if (texts.slice(1, -1).some((text) => text === '')) {
    throw new UsageError(`path "${path}": nothing separates two parameters, so they cannot be told apart`);
  }
  return { texts, names };
}

/** Without a regular expression: no text of a contract becomes a pattern, and no request makes it backtrack. */
function matchSegment(segment: Segment, part: string): readonly string[] | undefined {
  const [first = ''] = segment.texts;
  const last = segment.texts.at(-1) ?? '';
  if (segment.names.length === 0) return part === first || safeDecode(part) === first ? [] : undefined;
  if (!part.startsWith(first) || !part.endsWith(last)) return undefined;
  const end = part.length - last.length;
  const values: string[] = [];
  let from = first.length;
  for (const text of segment.texts.slice(1, -1)) {
    const at = part.indexOf(text, from + 1);
    if (at < 0 || at > end) return undefined;
    values.push(part.slice(from, at));
    from = at + text.length;
  }
  if (from >= end) return undefined;
  return [...values, part.slice(from, end)];
}

function matchAll(
  segments: readonly Segment[],
  parts: readonly string[],
): readonly (readonly [string, string])[] | undefined {
  const found: (readonly [string, string])[] = [];
  for (const [index, segment] of segments.entries()) {
    const values = matchSegment(segment, parts[index] ?? '');
    if (values === undefined) return undefined;
    for (const [position, value] of values.entries()) found.push([segment.names[position] ?? '', value]);
  }
  return found;
}

function decodeAll(values: readonly (readonly [string, string])[]): ReadonlyMap<string, string> | undefined {
  const decoded = new Map<string, string>();
  for (const [name, value] of values) {
    const text = safeDecode(value);
    if (text === undefined) return undefined;
    decoded.set(name, text);
  }
  return decoded;
}

function safeDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function compareSpecificity(a: readonly Segment[], b: readonly Segment[]): number {
  for (const [index, segment] of a.entries()) {
    const difference = textLength(b[index]) - textLength(segment);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Plain text is the most specific; among parameters the one with more text around it. */
function textLength(segment: Segment | undefined): number {
  if (segment === undefined) return 0;
  return segment.names.length === 0 ? Number.MAX_SAFE_INTEGER : segment.texts.join('').length;
}
