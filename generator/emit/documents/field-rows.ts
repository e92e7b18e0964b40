import type { SchemaRef } from '../../load/documents.js';
import { entitySchema, propertiesOf } from '../../model/payload.js';
import type { Entity, Model } from '../../model/types.js';
import { resolverOf } from '../../schema/look-up.js';
import { joinPath } from '../waits-text.js';

/** One property of an entity, or of an object within it. */
export interface FieldRow {
  /** Dotted, from the entity. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
}

/** Objects within objects that are still listed; what lies deeper is shown as `object`. */
const depthMax = 4;

/** Properties of an entity as its schema has them, objects opened up; a schema that holds itself is opened once. Empty when the schema is unknown. */
export function fieldRows(model: Model, entity: Entity): readonly FieldRow[] {
  const schema = entitySchema(model, entity);
  return schema === undefined ? [] : rowsOf(model, schema, '', true, []);
}

function rowsOf(
  model: Model,
  schema: SchemaRef,
  prefix: string,
  sure: boolean,
  above: readonly string[],
): readonly FieldRow[] {
  return [...propertiesOf(model, schema).values()].flatMap((property) => {
    const path = joinPath(prefix, property.name);
    const required = sure && property.required;
    const row = { path, type: typeText(model, property.ref, property.schema), required };
    const identity = `${property.ref.file}#${property.ref.pointer}`;
    if (above.includes(identity) || above.length >= depthMax) return [row];
    return [row, ...rowsOf(model, property.ref, path, required, [...above, identity])];
  });
}

/** Values of an enum that are listed; more are counted. */
const valuesShown = 6;

/** A schema in a few words: `string, date-time`, `"active" or "left"`, `list of string`. */
function typeText(model: Model, ref: SchemaRef, schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'any';
  const { type, format, const: only, enum: values, items } = schema as Readonly<Record<string, unknown>>;
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(values)) return enumText(values);
  const types = (Array.isArray(type) ? type : [type]).filter((item) => typeof item === 'string');
  const empty = (schema as { readonly nullable?: unknown }).nullable === true ? ['null'] : [];
  const words = [...types, ...empty].map((item) => (item === 'array' ? listText(model, ref, items) : item));
  const text = words.length === 0 ? shapeText(schema as Readonly<Record<string, unknown>>) : words.join(' or ');
  return typeof format === 'string' ? `${text}, ${format}` : text;
}

function enumText(values: readonly unknown[]): string {
  const shown = values.slice(0, valuesShown).map((value) => JSON.stringify(value));
  return values.length > valuesShown
    ? `${shown.join(', ')} or ${values.length - valuesShown} more`
    : shown.join(' or ');
}

function listText(model: Model, ref: SchemaRef, items: unknown): string {
  if (typeof items !== 'object' || items === null) return 'list';
  const found = resolverOf(model.documents).at({ file: ref.file, pointer: `${ref.pointer}/items` });
  if (!found.ok) return 'list';
  const { $ref: target } = items as { readonly $ref?: unknown };
  if (typeof target === 'string') return `list of ${target.split('/').at(-1) ?? 'object'}`;
  return `list of ${typeText(model, found.ref, items)}`;
}

function shapeText(schema: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(schema.oneOf) || Array.isArray(schema.anyOf)) return 'one of several shapes';
  return schema.properties !== undefined || schema.allOf !== undefined ? 'object' : 'any';
}
