import type { SchemaRef } from '../schema/ref.js';
import { propertiesOf, propertyAt } from './payload.js';
import type { Model } from './types.js';

/** A property anywhere in a payload. */
export interface PayloadField {
  readonly name: string;
  /** Dotted; list items add nothing, so `items.price` is the price of each item. */
  readonly path: string;
  readonly ref: SchemaRef;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Names of the properties beside it and beside each of its parents. */
  readonly around: ReadonlySet<string>;
}

const deepest = 8;

/** Every property of a payload, nested and in lists, down to eight levels; a recursive schema is followed once on each way down. */
export function payloadFields(model: Model, root: SchemaRef): readonly PayloadField[] {
  return [...walk(model, root, '', new Set(), [])];
}

function* walk(
  model: Model,
  ref: SchemaRef,
  parent: string,
  around: ReadonlySet<string>,
  above: readonly string[],
): Iterable<PayloadField> {
  const here = propertyAt(model, ref, '');
  if (here === undefined) return;
  const identity = `${here.ref.file}#${here.ref.pointer}`;
  if (above.includes(identity) || above.length > deepest) return;
  const way = [...above, identity];
  const properties = propertiesOf(model, here.ref);
  const names = new Set([...around, ...properties.keys()]);
  for (const property of properties.values()) {
    const path = parent === '' ? property.name : `${parent}.${property.name}`;
    if (isMapping(property.schema)) yield { ...property, schema: property.schema, path, around: names };
    yield* walk(model, property.ref, path, names, way);
  }
  if (isMapping(here.schema) && isMapping(here.schema.items)) {
    yield* walk(model, { file: here.ref.file, pointer: `${here.ref.pointer}/items` }, parent, around, way);
  }
}

/** Types that a schema allows; empty when it says none. */
export function typesOf(schema: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Array.isArray(schema.type) ? schema.type : schema.type === undefined ? [] : [schema.type];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
