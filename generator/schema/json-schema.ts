import type { NodeId, SchemaGraph, SchemaNode } from './node.js';

/** How a rendered schema refers to others and what it leaves out. */
export interface RenderOptions {
  /** `$ref` text for an edge to a named schema. */
  refTo(id: NodeId): string;
  /** Formats that the validator knows; others are annotations and are not rendered. */
  knowsFormat(name: string): boolean;
}

type Json = Record<string, unknown> | boolean;

/**
 * Writes one named schema of the graph, its inline parts included, as JSON Schema 2020-12 for a validator: assertions only, no annotation.
 * Edges to named schemas become `$ref`.
 */
export function toJsonSchema(graph: SchemaGraph, id: NodeId, options: RenderOptions): Json {
  return render(graph, graph.node(id), options);
}

const COPIED = [
  'enum',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'required',
  'minProperties',
  'maxProperties',
] as const;
const ONE = [
  'items',
  'unevaluatedItems',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'not',
] as const;
const MANY = ['allOf', 'anyOf', 'oneOf'] as const;

function render(graph: SchemaGraph, node: SchemaNode, options: RenderOptions): Json {
  if (node.boolean !== undefined) return node.boolean;
  const to = (id: NodeId): Json => {
    const target = graph.node(id);
    return target.name === undefined ? render(graph, target, options) : { $ref: options.refTo(id) };
  };
  const schema: Record<string, unknown> = {};
  if (node.types) schema.type = node.types.length === 1 ? node.types[0] : node.types;
  if (node.const) renderConst(node, schema);
  for (const keyword of COPIED) if (node[keyword] !== undefined) schema[keyword] = node[keyword];
  if (node.format !== undefined && options.knowsFormat(node.format)) schema.format = node.format;
  if (node.ref !== undefined) schema.$ref = options.refTo(node.ref);
  for (const keyword of ONE) {
    const target = node[keyword];
    if (target !== undefined) schema[keyword] = to(target);
  }
  for (const keyword of MANY) {
    const targets = node[keyword];
    if (targets) schema[keyword] = [...((schema[keyword] as Json[] | undefined) ?? []), ...targets.map(to)];
  }
  if (node.prefixItems && node.prefixItems.length > 0) schema.prefixItems = node.prefixItems.map(to);
  renderContains(node, schema, to);
  renderCondition(node, schema, to);
  renderProperties(node, schema, to);
  if (node.dependentRequired) schema.dependentRequired = Object.fromEntries(node.dependentRequired);
  if (node.dependentSchemas)
    schema.dependentSchemas = Object.fromEntries([...node.dependentSchemas].map(([key, id]) => [key, to(id)]));
  return schema;
}

/** Objects go through `enum`, which writes them in place. Both keywords together are a conjunction. */
function renderConst(node: SchemaNode, schema: Record<string, unknown>): void {
  const value = node.const?.value;
  if (typeof value !== 'object' || value === null) schema.const = value;
  else schema.allOf = [{ enum: [value] }];
}

/** Validators in strict mode refuse counts without `contains`. */
function renderContains(node: SchemaNode, schema: Record<string, unknown>, to: (id: NodeId) => Json): void {
  if (node.contains === undefined) return;
  schema.contains = to(node.contains);
  if (node.minContains !== undefined) schema.minContains = node.minContains;
  if (node.maxContains !== undefined) schema.maxContains = node.maxContains;
}

/** `if` alone, and branches without `if`, assert nothing; strict mode refuses them. */
function renderCondition(node: SchemaNode, schema: Record<string, unknown>, to: (id: NodeId) => Json): void {
  if (node.if === undefined || (node.then === undefined && node.else === undefined)) return;
  schema.if = to(node.if);
  // biome-ignore lint/suspicious/noThenProperty: the keyword is called so
  if (node.then !== undefined) schema.then = to(node.then);
  if (node.else !== undefined) schema.else = to(node.else);
}

/** Ajv passes over a declared property `__proto__`, so that one is described by a pattern. */
function renderProperties(node: SchemaNode, schema: Record<string, unknown>, to: (id: NodeId) => Json): void {
  const properties = [...(node.properties ?? [])];
  const plain = properties.filter(([key]) => key !== '__proto__');
  const patterns = [...(node.patternProperties ?? [])];
  for (const [key, id] of properties) if (key === '__proto__') patterns.push(['^__proto__$', id]);
  if (plain.length > 0) schema.properties = Object.fromEntries(plain.map(([key, id]) => [key, to(id)]));
  if (patterns.length > 0) schema.patternProperties = Object.fromEntries(patterns.map(([key, id]) => [key, to(id)]));
}
