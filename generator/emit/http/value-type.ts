import type { JsonType, NodeId, SchemaGraph, SchemaNode } from '../../schema/node.js';
import { propertyKey, stringLiteral } from '../names.js';

/** How the text of a parameter or form field becomes a value; the runtime's `ValueType`. */
export type ValueType = Scalar | { readonly list: Scalar } | { readonly fields: ReadonlyMap<string, Field> };
export type Field = Scalar | { readonly list: Scalar };
type Scalar = 'string' | 'number' | 'boolean';

/** What the schema of a parameter expects. Where it allows several types, text wins: it never has to be guessed at. */
export function valueType(graph: SchemaGraph, id: NodeId | undefined): ValueType {
  if (id === undefined) return 'string';
  const types = typesOf(graph, id, new Set());
  if (types.has('string')) return 'string';
  if (types.has('array')) return { list: scalarType(graph, itemsOf(graph, id, new Set())) };
  if (types.has('object')) return { fields: fieldsOf(graph, id) };
  return scalarType(graph, id);
}

/** Declared properties, those of `allOf` parts included, as fields of a form or an object parameter. */
export function fieldsOf(graph: SchemaGraph, id: NodeId): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  for (const part of parts(graph, id, new Set())) {
    for (const [key, property] of part.properties ?? []) {
      const type = valueType(graph, property);
      fields.set(key, typeof type === 'object' && 'fields' in type ? 'string' : type);
    }
  }
  return fields;
}

/** The value type as TypeScript source. */
export function valueTypeText(type: ValueType): string {
  if (typeof type === 'string') return stringLiteral(type);
  if ('list' in type) return `{ list: ${stringLiteral(type.list)} }`;
  return `{ fields: ${fieldsText(type.fields)} }`;
}

export function fieldsText(fields: ReadonlyMap<string, Field>): string {
  if (fields.size === 0) return '{}';
  return `{ ${[...fields].map(([key, field]) => `${propertyKey(key)}: ${valueTypeText(field)}`).join(', ')} }`;
}

function scalarType(graph: SchemaGraph, id: NodeId | undefined): Scalar {
  const types = id === undefined ? new Set<JsonType>() : typesOf(graph, id, new Set());
  if (types.has('string')) return 'string';
  if (types.has('number') || types.has('integer')) return 'number';
  return types.has('boolean') ? 'boolean' : 'string';
}

/** Types that a value may have; empty when nothing is said. */
function typesOf(graph: SchemaGraph, id: NodeId, seen: Set<NodeId>): ReadonlySet<JsonType> {
  if (seen.has(id)) return new Set();
  seen.add(id);
  const node = graph.node(id);
  if (node.types !== undefined) return new Set(node.types);
  if (node.const !== undefined) return new Set([typeOf(node.const.value)]);
  if (node.enum !== undefined) return new Set(node.enum.map(typeOf));
  for (const part of [...(node.ref === undefined ? [] : [node.ref]), ...(node.allOf ?? [])]) {
    const types = typesOf(graph, part, seen);
    if (types.size > 0) return types;
  }
  return new Set([...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((branch) => [...typesOf(graph, branch, seen)]));
}

function typeOf(value: unknown): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'number' || type === 'boolean' || type === 'object' ? type : 'string';
}

function itemsOf(graph: SchemaGraph, id: NodeId, seen: Set<NodeId>): NodeId | undefined {
  return parts(graph, id, seen).find((part) => part.items !== undefined)?.items;
}

/** The schema and everything that holds together with it, branches of unions included. */
function parts(graph: SchemaGraph, id: NodeId, seen: Set<NodeId>): readonly SchemaNode[] {
  if (seen.has(id)) return [];
  seen.add(id);
  const node = graph.node(id);
  const inner = [
    ...(node.ref === undefined ? [] : [node.ref]),
    ...(node.allOf ?? []),
    ...(node.anyOf ?? []),
    ...(node.oneOf ?? []),
  ];
  return [node, ...inner.flatMap((each) => parts(graph, each, seen))];
}
