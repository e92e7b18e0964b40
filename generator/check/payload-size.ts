import { propertiesOf, propertyAt } from '../model/payload.js';
import type { Model } from '../model/types.js';
import type { SchemaRef } from '../schema/ref.js';

/** Size of the largest JSON text that a schema admits, or the path of a value without a bound. */
export type PayloadSize = { readonly bytes: number } | { readonly unbounded: string };

/** Longest JSON texts of the formats, quotes included. */
const formats: Readonly<Record<string, number>> = {
  uuid: 38,
  'date-time': 37,
  date: 12,
  time: 23,
  email: 256,
  ipv4: 17,
  ipv6: 47,
  hostname: 255,
};

const scalars: Readonly<Record<string, number>> = { integer: 20, number: 25, boolean: 5, null: 4 };

/**
 * Upper bound in bytes, read from `maxLength` (four bytes a character, as UTF-8 can need), `maxItems`, `enum`, `const` and known formats.
 *
 * Properties that are not declared are not counted: the bound is about what our producers send. Of alternatives the largest counts.
 */
export function payloadSize(model: Model, root: SchemaRef): PayloadSize {
  return sizeOf(model, root, '', []);
}

function sizeOf(model: Model, ref: SchemaRef, path: string, above: readonly string[]): PayloadSize {
  const here = propertyAt(model, ref, '');
  if (here === undefined || typeof here.schema !== 'object' || here.schema === null) return { unbounded: path };
  const identity = `${here.ref.file}#${here.ref.pointer}`;
  if (above.includes(identity)) return { unbounded: path };
  const schema = here.schema as Readonly<Record<string, unknown>>;
  const inside = (pointer: string, at: string) =>
    sizeOf(model, { file: here.ref.file, pointer: `${here.ref.pointer}${pointer}` }, at, [...above, identity]);

  const fixed = fixedSize(schema);
  if (fixed !== undefined) return { bytes: fixed };
  const properties = propertiesOf(model, here.ref);
  if (properties.size > 0) {
    return total(
      [...properties.values()].map((property) => {
        const value = sizeOf(model, property.ref, path === '' ? property.name : `${path}.${property.name}`, [
          ...above,
          identity,
        ]);
        return 'bytes' in value ? { bytes: value.bytes + property.name.length + 4 } : value;
      }),
      2,
    );
  }
  for (const keyword of ['oneOf', 'anyOf', 'allOf']) {
    const parts = schema[keyword];
    if (Array.isArray(parts) && parts.length > 0)
      return largest(parts.map((_, index) => inside(`/${keyword}/${index}`, path)));
  }
  if (schema.type === 'array' && typeof schema.maxItems === 'number') {
    const item = inside('/items', `${path}[]`);
    return 'bytes' in item ? { bytes: 2 + schema.maxItems * (item.bytes + 1) } : item;
  }
  return { unbounded: path };
}

/** Size of values without parts; undefined when the schema has parts or no bound. */
function fixedSize(schema: Readonly<Record<string, unknown>>): number | undefined {
  const listed = 'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : undefined;
  if (listed !== undefined) return Math.max(0, ...listed.map((value) => JSON.stringify(value)?.length ?? 0));
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter((type) => type !== 'null');
  if (types.length !== 1) return undefined;
  if (types[0] === 'string') {
    if (typeof schema.maxLength === 'number') return 2 + schema.maxLength * 4;
    return typeof schema.format === 'string' ? formats[schema.format] : undefined;
  }
  return scalars[String(types[0])];
}

function total(parts: readonly PayloadSize[], frame: number): PayloadSize {
  let bytes = frame;
  for (const part of parts) {
    if ('unbounded' in part) return part;
    bytes += part.bytes;
  }
  return { bytes };
}

function largest(parts: readonly PayloadSize[]): PayloadSize {
  let bytes = 0;
  for (const part of parts) {
    if ('unbounded' in part) return part;
    bytes = Math.max(bytes, part.bytes);
  }
  return { bytes };
}
