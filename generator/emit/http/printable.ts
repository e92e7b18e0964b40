import { commentText } from '../names.js';
import type { Declaration, TypeExpression } from '../typescript/declaration.js';

/** A schema in the part of OpenAPI that openapi-typescript turns into exactly the type that is meant. */
export type PrintableSchema = boolean | Readonly<Record<string, unknown>>;

/** The schema whose printed type is the declared one. */
export function schemaOf(declaration: Declaration): PrintableSchema {
  if (declaration.kind === 'alias') return expression(declaration.type);
  const properties = declaration.properties.map(({ key, type, doc }) => {
    const words = [...(doc.description === undefined ? [] : [commentText(doc.description)])].filter(
      (word) => word !== '',
    );
    // Its `description` is printed behind a tag, its `title` is not.
    const documented = {
      ...(words[0] === undefined ? {} : { title: words[0] }),
      ...(doc.deprecated ? { deprecated: true } : {}),
    };
    return [key, withDoc(expression(type), documented)] as const;
  });
  return {
    type: 'object',
    // Keys that look like `__proto__` stay keys.
    properties: Object.fromEntries(properties),
    required: declaration.properties.filter(({ required }) => required).map(({ key }) => key),
    ...(declaration.index === undefined ? {} : { additionalProperties: indexSchema(declaration.index) }),
  };
}

function withDoc(schema: PrintableSchema, doc: Readonly<Record<string, unknown>>): PrintableSchema {
  if (Object.keys(doc).length === 0) return schema;
  if (typeof schema === 'boolean') return schema ? doc : { ...doc, oneOf: [false] };
  return { ...schema, ...doc };
}

/** An optional property next to an index signature needs `undefined` in it, which no schema can say: any value then. */
function indexSchema(index: TypeExpression): PrintableSchema {
  const members = index.kind === 'union' ? index.of : [index];
  return members.some((member) => member.kind === 'undefined') ? true : expression(index);
}

function expression(type: TypeExpression): PrintableSchema {
  switch (type.kind) {
    case 'unknown':
    case 'undefined':
      return {};
    case 'never':
      return { oneOf: [false] };
    case 'null':
    case 'string':
    case 'number':
    case 'boolean':
      return { type: type.kind };
    case 'literal':
      return { oneOf: [{ const: type.value }] };
    case 'array':
      return { type: 'array', items: expression(type.item) };
    case 'tuple':
      return tuple(type);
    case 'dictionary':
      return dictionary(type.value);
    case 'union':
      return { oneOf: type.of.map(expression) };
    case 'name':
      return { $ref: `#/${type.name}` };
  }
}

/** Only tuples of a fixed length are printed as such; another one is a list of what it may hold. */
function tuple(type: Extract<TypeExpression, { kind: 'tuple' }>): PrintableSchema {
  if (type.required === type.items.length && type.rest === undefined && type.items.length > 0) {
    return { type: 'array', prefixItems: type.items.map(expression) };
  }
  const held = [...type.items, ...(type.rest === undefined ? [] : [type.rest])];
  return { type: 'array', items: held.some(({ kind }) => kind === 'unknown') ? {} : { oneOf: held.map(expression) } };
}

function dictionary(value: TypeExpression): PrintableSchema {
  if (value.kind === 'unknown') return { type: 'object' };
  return { type: 'object', additionalProperties: value.kind === 'never' ? { oneOf: [false] } : expression(value) };
}
