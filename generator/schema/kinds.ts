import type { NodeId, SchemaGraph, SchemaNode } from './node.js';

/** Kinds of JSON values as expressions tell them apart. */
export type Kind = 'string' | 'number' | 'boolean' | 'null' | 'list' | 'map';

const KIND_OF_TYPE = {
  array: 'list',
  object: 'map',
  integer: 'number',
  number: 'number',
  string: 'string',
  boolean: 'boolean',
  null: 'null',
} as const;

/** Kinds that a schema allows; undefined when it allows all. */
export function kindsOf(graph: SchemaGraph, node: SchemaNode, seen: Set<NodeId>): ReadonlySet<Kind> | undefined {
  if (seen.has(node.id)) return undefined;
  seen.add(node.id);
  const values = node.const ? [node.const.value] : node.enum;
  let kinds: ReadonlySet<Kind> | undefined = node.types && new Set(node.types.map((type) => KIND_OF_TYPE[type]));
  const narrow = (other: ReadonlySet<Kind> | undefined) => {
    if (other) kinds = kinds ? new Set([...kinds].filter((kind) => other.has(kind))) : other;
  };
  if (values) narrow(new Set(values.map(kindOfValue)));
  for (const id of [...(node.ref === undefined ? [] : [node.ref]), ...(node.allOf ?? [])])
    narrow(kindsOf(graph, graph.node(id), new Set(seen)));
  for (const branches of [node.anyOf, node.oneOf]) {
    const each = branches?.map((id) => kindsOf(graph, graph.node(id), new Set(seen)));
    if (each?.every((one) => one !== undefined)) narrow(new Set(each.flatMap((one) => [...one])));
  }
  return kinds;
}

function kindOfValue(value: unknown): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : (typeof value as 'string' | 'number' | 'boolean');
}

export function itemsOf(graph: SchemaGraph, node: SchemaNode, seen: Set<NodeId>): NodeId | undefined {
  if (seen.has(node.id)) return undefined;
  seen.add(node.id);
  if (node.prefixItems) return undefined;
  if (node.items !== undefined) return node.items;
  for (const id of [...(node.ref === undefined ? [] : [node.ref]), ...(node.allOf ?? [])]) {
    const found = itemsOf(graph, graph.node(id), seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface FieldSearch {
  /** Schemas that describe the field, one of which holds. */
  readonly schemas: readonly NodeId[];
  /** Something that is not described may have the field. */
  readonly open: boolean;
  readonly names: readonly string[];
}

/** Looks a field up in a schema and in everything it is combined from. */
export function fieldOfSchema(graph: SchemaGraph, node: SchemaNode, name: string, seen: Set<NodeId>): FieldSearch {
  if (seen.has(node.id)) return { schemas: [], open: false, names: [] };
  seen.add(node.id);
  const own = node.properties?.get(name);
  const described = [node.ref, ...(node.allOf ?? []), ...(node.anyOf ?? []), ...(node.oneOf ?? [])]
    .filter((id): id is NodeId => id !== undefined)
    .map((id) => fieldOfSchema(graph, graph.node(id), name, seen));
  const map = node.additionalProperties !== undefined && graph.node(node.additionalProperties).boolean !== false;
  const says = node.properties !== undefined || described.length > 0 || node.additionalProperties !== undefined;
  return {
    schemas: [...(own === undefined ? [] : [own]), ...described.flatMap((each) => each.schemas)],
    open: !says || map || node.patternProperties !== undefined || described.some((each) => each.open),
    names: [...(node.properties?.keys() ?? []), ...described.flatMap((each) => each.names)],
  };
}

/** The values a schema lists, when it lists them all itself. */
export function enumerationOf(graph: SchemaGraph, node: SchemaNode): readonly unknown[] | undefined {
  if (node.const) return [node.const.value];
  if (node.enum) return node.enum;
  return node.ref === undefined ? undefined : enumerationOf(graph, graph.node(node.ref));
}
