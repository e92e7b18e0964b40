import type { Schema, SchemaObject } from './random-schema.js';

/** A schema somewhere inside another, and how to put a different one there. */
export interface Place {
  readonly schema: Schema;
  replace(other: Schema): void;
  /** Whether it says something about a part of the value that its parent speaks about. */
  readonly isPart: boolean;
}

const ONE = [
  'not',
  'if',
  'then',
  'else',
  'items',
  'additionalItems',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'unevaluatedItems',
];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'items'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas', 'dependencies', '$defs', 'definitions'];
const SAME_VALUE = new Set([
  'not',
  'if',
  'then',
  'else',
  'allOf',
  'anyOf',
  'oneOf',
  'dependentSchemas',
  'dependencies',
]);

export function isObject(value: unknown): value is SchemaObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every schema inside an object, itself last excluded. The object is changed in place. */
export function placesIn(root: SchemaObject): readonly Place[] {
  const places: Place[] = [];
  const add = (holder: Record<string | number, unknown>, key: string | number, keyword: string) => {
    const schema = holder[key];
    if (typeof schema !== 'boolean' && !isObject(schema)) return;
    places.push({
      schema,
      replace: (other) => {
        holder[key] = other;
      },
      isPart: !SAME_VALUE.has(keyword),
    });
    if (isObject(schema)) visit(schema);
  };
  const visit = (schema: SchemaObject) => {
    for (const keyword of ONE) add(schema, keyword, keyword);
    for (const keyword of LISTS) {
      const list = schema[keyword];
      if (Array.isArray(list))
        for (const index of list.keys()) add(list as unknown as Record<number, unknown>, index, keyword);
    }
    for (const keyword of MAPS) {
      const map = schema[keyword];
      if (isObject(map)) for (const key of Object.keys(map)) add(map, key, keyword);
    }
  };
  visit(root);
  return places;
}

/** What a JSON pointer or a reference of ours leads to; undefined when it leads nowhere. */
export function resolve(root: Schema, pointer: string): unknown {
  let found: unknown = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    found = typeof found === 'object' && found !== null ? (found as SchemaObject)[key] : undefined;
  }
  return found;
}
