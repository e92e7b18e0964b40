import { canonicalJson, type SchemaBody } from '../../schema/edges.js';
import type { JsonType, NodeId, SchemaNode } from '../../schema/node.js';

type Draft = { -readonly [K in keyof SchemaNode]: SchemaNode[K] };

/** Makes a node that nobody wrote; asking twice for one id gives one node. */
export type Synthetic = (id: NodeId, body: SchemaBody, origin: SchemaNode['origin']) => NodeId;

/**
 * The node with its `ref` and `allOf` drawn into it as far as that changes no meaning, `const` as a list of one, and what asserts nothing left out. What
 * cannot be drawn in, such as a second `pattern`, stays in `allOf`.
 */
export function flattened(node: SchemaNode, of: (id: NodeId) => SchemaNode, synthetic: Synthetic): SchemaNode {
  let whole: Draft = { ...plain(node, of) };
  const rest: NodeId[] = [];
  for (const part of partsOf(node, of)) {
    const body = plain(of(part), of);
    const joined = join(whole, body, synthetic);
    if (joined) whole = joined;
    else rest.push(part);
  }
  if (whole.enum?.length === 0) return { ...named(node), boolean: false };
  if (rest.length > 0) whole.allOf = [...(whole.allOf ?? []), ...rest];
  return whole;
}

function named({ id, name, origin }: SchemaNode): SchemaNode {
  return { id, origin, ...(name === undefined ? {} : { name }) };
}

/** What a node is composed of, all the way down; a schema that is composed of itself is taken once. */
function partsOf(node: SchemaNode, of: (id: NodeId) => SchemaNode): readonly NodeId[] {
  const parts = new Set<NodeId>(compositionOf(node));
  for (const id of parts) for (const inner of compositionOf(of(id))) parts.add(inner);
  parts.delete(node.id);
  return [...parts];
}

/** One alternative alone is no alternative. */
function compositionOf(node: SchemaNode): readonly NodeId[] {
  const single = [node.anyOf, node.oneOf].flatMap((branches) => (branches?.length === 1 ? branches : []));
  return [...(node.ref === undefined ? [] : [node.ref]), ...(node.allOf ?? []), ...single];
}

/** A node without its composition and without what asserts nothing. */
function plain(node: SchemaNode, of: (id: NodeId) => SchemaNode): Draft {
  const body: Draft = { ...node };
  delete body.ref;
  delete body.allOf;
  for (const keyword of ['anyOf', 'oneOf'] as const) if (body[keyword]?.length === 1) delete body[keyword];
  for (const keyword of [
    'additionalProperties',
    'unevaluatedProperties',
    'items',
    'unevaluatedItems',
    'propertyNames',
  ] as const) {
    const id = body[keyword];
    if (id !== undefined && of(id).boolean === true) delete body[keyword];
  }
  if (body.const) {
    const { value } = body.const;
    body.enum = body.enum?.some((each) => same(each, value)) === false ? [] : [value];
    delete body.const;
  }
  if (body.properties?.size === 0) delete body.properties;
  if (body.required?.length === 0) delete body.required;
  if (body.minLength === 0) delete body.minLength;
  if (body.minItems === 0) delete body.minItems;
  if (body.minProperties === 0) delete body.minProperties;
  if (body.boolean === true) delete body.boolean;
  return body;
}

const OBJECT = ['patternProperties', 'additionalProperties', 'unevaluatedProperties'] as const;
const ARRAY = ['prefixItems', 'items', 'unevaluatedItems'] as const;
/** Keywords of which a node has one; two different ones cannot be drawn together. */
const SINGLE = ['pattern', 'format', 'multipleOf', 'propertyNames', 'not', 'anyOf', 'oneOf', 'boolean'] as const;
const GROUPS = [
  ['contains', 'minContains', 'maxContains'],
  ['if', 'then', 'else'],
] as const;
const ANNOTATIONS = [
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'discriminator',
] as const;

/** Both bodies as one, or undefined when that cannot be said in one. */
function join(a: SchemaNode, b: SchemaNode, synthetic: Synthetic): Draft | undefined {
  const whole: Draft = { ...a };
  for (const keyword of SINGLE) {
    if (b[keyword] === undefined) continue;
    if (a[keyword] !== undefined && canonicalJson(a[keyword]) !== canonicalJson(b[keyword])) return undefined;
    Object.assign(whole, { [keyword]: b[keyword] });
  }
  for (const group of GROUPS) {
    if (group.every((keyword) => b[keyword] === undefined)) continue;
    if (group.some((keyword) => a[keyword] !== undefined)) return undefined;
    for (const keyword of group) if (b[keyword] !== undefined) Object.assign(whole, { [keyword]: b[keyword] });
  }
  if (!joinObjects(whole, a, b, synthetic) || !joinArrays(whole, a, b)) return undefined;
  joinLimits(whole, a, b);
  if (b.types) whole.types = a.types ? typesInBoth(a.types, b.types) : b.types;
  if (b.enum) whole.enum = a.enum ? a.enum.filter((value) => b.enum?.some((each) => same(each, value))) : b.enum;
  for (const keyword of ANNOTATIONS)
    if (whole[keyword] === undefined && b[keyword] !== undefined) Object.assign(whole, { [keyword]: b[keyword] });
  if (b.extensions) whole.extensions = new Map([...b.extensions, ...(a.extensions ?? [])]);
  if (b.unknown) whole.unknown = [...new Set([...(a.unknown ?? []), ...b.unknown])].sort();
  return whole;
}

/** Properties of one part are additional to another part that says what else may come: such parts stay apart. */
function joinObjects(whole: Draft, a: SchemaNode, b: SchemaNode, synthetic: Synthetic): boolean {
  const speaks = (node: SchemaNode): boolean => OBJECT.some((keyword) => node[keyword] !== undefined);
  if ((speaks(a) && (speaks(b) || b.properties)) || (speaks(b) && a.properties)) return false;
  for (const keyword of OBJECT) if (b[keyword] !== undefined) Object.assign(whole, { [keyword]: b[keyword] });
  if (b.required) whole.required = [...new Set([...(a.required ?? []), ...b.required])];
  for (const keyword of ['dependentRequired', 'dependentSchemas'] as const) {
    if (b[keyword] === undefined) continue;
    if (a[keyword] !== undefined) return false;
    Object.assign(whole, { [keyword]: b[keyword] });
  }
  if (!b.properties) return true;
  const properties = new Map(a.properties ?? []);
  for (const [name, id] of b.properties) {
    const known = properties.get(name);
    if (known === undefined || known === id) properties.set(name, id);
    // Named by its parts, so that schemas which contain themselves end.
    else {
      const both = `~${known} & ${id}`;
      properties.set(name, synthetic(both, { name: both, allOf: [known, id] } as SchemaBody, b.origin));
    }
  }
  whole.properties = properties;
  return true;
}

function joinArrays(whole: Draft, a: SchemaNode, b: SchemaNode): boolean {
  const speaks = (node: SchemaNode): boolean => ARRAY.some((keyword) => node[keyword] !== undefined);
  if (speaks(a) && speaks(b)) return ARRAY.every((keyword) => canonicalJson(a[keyword]) === canonicalJson(b[keyword]));
  for (const keyword of ARRAY) if (b[keyword] !== undefined) Object.assign(whole, { [keyword]: b[keyword] });
  if (b.uniqueItems) whole.uniqueItems = true;
  return true;
}

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'] as const;
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'] as const;

function joinLimits(whole: Draft, a: SchemaNode, b: SchemaNode): void {
  for (const keyword of LOWER) {
    const limit = Math.max(a[keyword] ?? Number.NEGATIVE_INFINITY, b[keyword] ?? Number.NEGATIVE_INFINITY);
    if (Number.isFinite(limit)) whole[keyword] = limit;
  }
  for (const keyword of UPPER) {
    const limit = Math.min(a[keyword] ?? Number.POSITIVE_INFINITY, b[keyword] ?? Number.POSITIVE_INFINITY);
    if (Number.isFinite(limit)) whole[keyword] = limit;
  }
}

function typesInBoth(a: readonly JsonType[], b: readonly JsonType[]): readonly JsonType[] {
  const narrower = a.filter((type) => b.includes(type) || (type === 'integer' && b.includes('number')));
  const other = b.filter((type) => type === 'integer' && a.includes('number'));
  return [...new Set([...narrower, ...other])].sort();
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
