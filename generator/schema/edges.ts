import type { NodeId, SchemaNode } from './node.js';

/** What a schema says, before it has an identity. Subschemas are named by any string the caller chose. */
export type SchemaBody = Omit<SchemaNode, 'id' | 'name' | 'origin'>;

const ONE = [
  'items',
  'contains',
  'unevaluatedItems',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'ref',
  'not',
  'if',
  'then',
  'else',
  'contentSchema',
] as const;
const MANY = ['prefixItems', 'allOf', 'anyOf', 'oneOf'] as const;
const KEYED = ['properties', 'patternProperties', 'dependentSchemas'] as const;

/** Every subschema of a node with the step that leads to it, in a fixed order. Discriminator mappings are hints, not steps. */
export function edgesOf(node: SchemaBody): readonly { readonly step: string; readonly to: NodeId }[] {
  const edges: { step: string; to: NodeId }[] = [];
  for (const keyword of ONE) {
    const to = node[keyword];
    if (to !== undefined) edges.push({ step: keyword, to });
  }
  for (const keyword of MANY)
    for (const [index, to] of (node[keyword] ?? []).entries()) edges.push({ step: `${keyword}/${index}`, to });
  for (const keyword of KEYED)
    for (const [key, to] of node[keyword] ?? []) edges.push({ step: `${keyword}/${key}`, to });
  return edges;
}

/** The same node with every subschema renamed; mapping entries whose target `rename` does not know are dropped. */
export function renameEdges<N extends SchemaBody>(node: N, rename: (id: NodeId) => NodeId | undefined): N {
  const to = (id: NodeId): NodeId => rename(id) ?? id;
  const changes: Record<string, unknown> = {};
  for (const keyword of ONE) {
    const id = node[keyword];
    if (id !== undefined) changes[keyword] = to(id);
  }
  for (const keyword of MANY) {
    const ids = node[keyword];
    if (ids) changes[keyword] = ids.map(to);
  }
  for (const keyword of KEYED) {
    const ids = node[keyword];
    if (ids) changes[keyword] = new Map([...ids].map(([key, id]) => [key, to(id)]));
  }
  if (node.discriminator) {
    const mapping = new Map<string, NodeId>();
    for (const [value, id] of node.discriminator.mapping) {
      const renamed = rename(id);
      if (renamed !== undefined) mapping.set(value, renamed);
    }
    changes.discriminator = { propertyName: node.discriminator.propertyName, mapping };
  }
  return { ...node, ...changes };
}

/** Ids of everything reachable from `start`, itself first, breadth first. `stopAt` nodes are listed but not entered. */
export function closure(
  body: (id: NodeId) => SchemaBody,
  start: NodeId,
  stopAt: (id: NodeId) => boolean = () => false,
): readonly NodeId[] {
  const seen = new Set([start]);
  for (const id of seen) {
    if (id !== start && stopAt(id)) continue;
    for (const { to } of edgesOf(body(id))) seen.add(to);
  }
  return [...seen];
}

/** Text that is equal exactly when two values are equal as JSON, whatever the order of their keys; Maps count as objects. */
export function canonicalJson(value: unknown): string {
  if (value instanceof Map)
    return `{${[...value].map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}
