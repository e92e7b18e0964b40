import type { Position } from '../diagnostics/position.js';
import type { SchemaRef, Source, ValuePath } from './documents.js';
import { pointerOf } from './pointer.js';

/** A value and where it stands. Reading goes from place to place, so that whatever is read can be pointed at. */
export interface Place {
  readonly source: Source;
  readonly path: ValuePath;
  readonly value: unknown;
}

export type Mapping = Readonly<Record<string, unknown>>;

export function rootOf(source: Source): Place {
  return { source, path: [], value: source.value };
}

/** The value under `step`, without following a reference; undefined when there is none. */
export function child(place: Place, step: string | number): Place | undefined {
  const { source, path, value } = place;
  if (Array.isArray(value)) {
    const index = Number(step);
    return Number.isInteger(index) && index in value
      ? { source, path: [...path, index], value: value[index] }
      : undefined;
  }
  if (!isMapping(value) || !(step in value)) return undefined;
  return { source, path: [...path, step], value: value[step] };
}

/** Children of a mapping by key, of a list by index; none for anything else. */
export function children(place: Place): readonly (readonly [string, Place])[] {
  const { source, path, value } = place;
  if (Array.isArray(value))
    return value.map((item, index) => [String(index), { source, path: [...path, index], value: item }]);
  if (!isMapping(value)) return [];
  return Object.entries(value).map(([key, item]) => [key, { source, path: [...path, key], value: item }]);
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function mappingAt(place: Place | undefined): Mapping {
  return isMapping(place?.value) ? place.value : {};
}

/** The text under `key`, or undefined when it is absent or no text. A number is taken as written: `version: 1.0` means "1.0" to its writer. */
export function textAt(place: Place | undefined, key: string): string | undefined {
  const value = mappingAt(place)[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

export function flagAt(place: Place | undefined, key: string): boolean {
  return mappingAt(place)[key] === true;
}

export function schemaRefOf(place: Place): SchemaRef {
  return { file: place.source.path, pointer: pointerOf(place.path) };
}

export function keyOf(ref: SchemaRef): string {
  return `${ref.file}#${ref.pointer}`;
}

/** Position of the key that names the place, or of the value itself at the root. */
export function positionOf(place: Place): Position {
  return place.source.keyAt(place.path);
}
