import type { NodeId, SchemaGraph, SchemaNode } from '../../schema/node.js';
import { intersect, type Look } from './intersect.js';
import { NEVER, type ObjectShape, type PropertyShape, type Shape, shapeOfValue, UNKNOWN, unionOf } from './shape.js';

/** Finds the shape of schemas, each once. */
export interface Lowering {
  /** Values that all these schemas accept. The result may be a reference to other schemas. */
  shapeOf(ids: readonly NodeId[]): Shape;
  /** The same, with references at its top followed. */
  look: Look;
}

/**
 * Turns schemas into shapes. Sound for every keyword: what a schema accepts, its shape holds. Exact for type (but for integers), enum, const,
 * properties, required, additionalProperties: false, items and references; `not`, `if`, sizes, patterns and formats put no limit on the shape.
 */
export function createLowering(graph: SchemaGraph): Lowering {
  const done = new Map<string, Shape>();
  const looked = new Map<string, Shape>();

  const shapeOf = (ids: readonly NodeId[]): Shape => {
    const key = ids.join('\n');
    const known = done.get(key);
    if (known) return known;
    // A schema that is defined by itself (`allOf` of itself) puts no limit on anything.
    done.set(key, UNKNOWN);
    const shapes = ids.map((id) => (ids.length === 1 ? lowerNode(graph.node(id)) : shapeOf([id])));
    const shape = shapes.reduce((left, right) => intersect(left, right, look), UNKNOWN);
    done.set(key, shape);
    return shape;
  };

  const look: Look = (reference) => {
    const key = reference.ids.join('\n');
    const known = looked.get(key);
    if (known) return known as Exclude<Shape, { kind: 'schema' }>;
    looked.set(key, UNKNOWN);
    let shape = shapeOf(reference.ids);
    if (shape.kind === 'schema') shape = look(shape);
    looked.set(key, shape);
    return shape as Exclude<Shape, { kind: 'schema' }>;
  };

  function lowerNode(node: SchemaNode): Shape {
    if (node.boolean !== undefined) return node.boolean ? UNKNOWN : NEVER;
    let shape = ownShape(graph, node);
    const add = (other: Shape) => {
      shape = intersect(shape, other, look);
    };
    if (node.ref !== undefined) add(schema(node.ref));
    for (const id of node.allOf ?? []) add(schema(id));
    if (node.anyOf) add(unionOf(node.anyOf.map(branch)));
    if (node.oneOf) add(unionOf(node.oneOf.map(branch)));
    return shape;
  }

  /** A branch that says nothing about types (`required` alone) must not hide what the others say beside it. */
  function branch(id: NodeId): Shape {
    if (graph.node(id).name !== undefined) return schema(id);
    return shapeOf([id]);
  }

  return { shapeOf, look };
}

function schema(id: NodeId): Shape {
  return { kind: 'schema', ids: [id] };
}

/** Everything but references and combinations. */
function ownShape(graph: SchemaGraph, node: SchemaNode): Shape {
  if (node.const) return node.enum && !includes(node.enum, node.const.value) ? NEVER : ofType(node, [node.const.value]);
  if (node.enum) return ofType(node, node.enum);
  const types = node.types ?? (speaksOfStructure(node) ? EVERY_TYPE : undefined);
  if (!types) return UNKNOWN;
  const nullLast = [...types].sort((a, b) => Number(a === 'null') - Number(b === 'null'));
  return unionOf(nullLast.map((type) => shapeOfType(graph, node, type)));
}

type Type = NonNullable<SchemaNode['types']>[number];

const EVERY_TYPE: readonly Type[] = ['object', 'array', 'string', 'number', 'boolean', 'null'];

function shapeOfType(graph: SchemaGraph, node: SchemaNode, type: Type): Shape {
  if (type === 'object') return objectShape(graph, node);
  if (type === 'array') return arrayShape(graph, node);
  return { kind: 'primitive', type: type === 'integer' ? 'number' : type };
}

function ofType(node: SchemaNode, values: readonly unknown[]): Shape {
  return unionOf(
    values.filter((value) => !node.types || node.types.some((type) => isOfType(value, type))).map(shapeOfValue),
  );
}

function isOfType(value: unknown, type: Type): boolean {
  if (type === 'null') return value === null;
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function includes(values: readonly unknown[], value: unknown): boolean {
  return values.some((each) => JSON.stringify(each) === JSON.stringify(value)) || typeof value === 'object';
}

function speaksOfStructure(node: SchemaNode): boolean {
  return (
    node.properties !== undefined ||
    node.required !== undefined ||
    node.additionalProperties !== undefined ||
    node.patternProperties !== undefined ||
    node.items !== undefined ||
    node.prefixItems !== undefined
  );
}

function arrayShape(graph: SchemaGraph, node: SchemaNode): Shape {
  const item: Shape = node.items === undefined ? UNKNOWN : schema(node.items);
  if (!node.prefixItems || node.prefixItems.length === 0) return { kind: 'array', item };
  const items = node.prefixItems.map(schema);
  const closed = node.items !== undefined && graph.node(node.items).boolean === false;
  return {
    kind: 'tuple',
    items,
    required: Math.min(node.minItems ?? 0, items.length),
    ...(closed ? {} : { rest: item }),
  };
}

function objectShape(graph: SchemaGraph, node: SchemaNode): Shape {
  const others = othersOf(graph, node);
  const required = new Set(node.required);
  const properties = new Map<string, PropertyShape>();
  for (const [key, id] of node.properties ?? [])
    properties.set(key, { shape: schema(id), required: required.has(key) });
  for (const key of required) {
    if (properties.has(key)) continue;
    if (others === 'closed') return NEVER;
    properties.set(key, { shape: others === 'open' ? UNKNOWN : others, required: true });
  }
  return { kind: 'object', properties, others };
}

function othersOf(graph: SchemaGraph, node: SchemaNode): ObjectShape['others'] {
  if (node.additionalProperties === undefined) return 'open';
  const allowed = [...(node.patternProperties?.values() ?? []), node.additionalProperties];
  const shapes = allowed.filter((id) => graph.node(id).boolean !== false).map(schema);
  if (shapes.length === 0) return 'closed';
  return allowed.some((id) => graph.node(id).boolean === true) ? 'open' : unionOf(shapes);
}
