import type { NodeId, SchemaGraph } from '../../schema/node.js';
import { typeName } from '../names.js';
import {
  type Declaration,
  type Doc,
  type ModuleDeclarations,
  type PropertyDeclaration,
  type TypeExpression,
  unionType,
} from './declaration.js';
import type { Look } from './intersect.js';
import type { Lowering } from './lower.js';
import { type ObjectShape, type Shape, UNKNOWN } from './shape.js';

export interface DeclareInput {
  readonly graph: SchemaGraph;
  readonly lowering: Lowering;
  /** Type names of named schemas. */
  readonly names: ReadonlyMap<NodeId, string>;
  /** Names that nested types keep clear of; default: the type names of named schemas. */
  readonly reserved?: readonly string[];
  /** Whether the target can say `Object['constructor']`; if not, optional properties of such names are `unknown`. Default false. */
  readonly inherited?: boolean;
}

/**
 * Declares the type of one named schema and of every object and enumeration nested in it. Nested names follow the path: `Order`, `OrderLinesItem`.
 */
export function declareModule(input: DeclareInput, id: NodeId): ModuleDeclarations {
  const { graph, lowering, names, reserved = [...names.values()] } = input;
  const own = names.get(id) ?? typeName(id);
  const occupied = lowerCased(reserved);
  const nested = new Set<string>();
  const declarations: Declaration[] = [];
  const declared = new Map<string, string>();
  const anonymous = new Map<ObjectShape, string>();
  const uses = new Set<string>();

  function declare(name: string, shape: Shape, doc: Doc, heads: readonly string[]): void {
    const slot = declarations.length;
    declarations.push({ kind: 'alias', name, doc, type: { kind: 'unknown' } });
    if (shape.kind === 'object' && shape.properties.size > 0) declarations[slot] = objectDeclaration(name, shape, doc);
    else declarations[slot] = { kind: 'alias', name, doc, type: resolve(withoutSelf(shape, heads), name, true) };
  }

  function inheritedType(key: string): TypeExpression {
    return input.inherited ? { kind: 'name', name: `Object['${key}']` } : { kind: 'unknown' };
  }

  function objectDeclaration(name: string, shape: ObjectShape, doc: Doc): Declaration {
    const properties: PropertyDeclaration[] = [];
    for (const [key, { shape: inner, required }] of shape.properties) {
      const type = resolve(inner, name + typeName(key));
      const inherited = !required && INHERITED.has(key);
      properties.push({
        key,
        type: inherited ? unionType([type, inheritedType(key)]) : type,
        required,
        doc: docOf(inner),
      });
    }
    const index = typeof shape.others === 'string' ? undefined : resolve(shape.others, `${name}Value`);
    const open = shape.others === 'open' || index?.kind === 'unknown';
    const weak = open && properties.every(({ required }) => !required);
    if (!index || open) return { kind: 'object', name, doc, properties, weak };
    const optional: TypeExpression[] = properties.some(({ required }) => !required) ? [{ kind: 'undefined' }] : [];
    return {
      kind: 'object',
      name,
      doc,
      properties,
      weak,
      index: unionType([index, ...properties.map(({ type }) => type), ...optional]),
    };
  }

  /** `top`: the type is the whole of an alias, so that an enumeration needs no second name. */
  function resolve(shape: Shape, path: string, top = false): TypeExpression {
    switch (shape.kind) {
      case 'unknown':
      case 'never':
        return { kind: shape.kind };
      case 'primitive':
        return { kind: shape.type };
      case 'literal':
        return shape;
      case 'array':
        return { kind: 'array', item: resolve(shape.item, `${path}Item`) };
      case 'tuple': {
        const items = shape.items.map((item, index) => resolve(item, `${path}Item${index + 1}`));
        const rest = shape.rest && resolve(shape.rest, `${path}Rest`);
        return { kind: 'tuple', items, required: shape.required, ...(rest ? { rest } : {}) };
      }
      case 'object':
        return resolveObject(shape, path);
      case 'union':
        return isEnumeration(shape) && !top ? named(shape, path) : resolveUnion(shape.of, path);
      case 'schema':
        return resolveSchema(shape.ids, path);
    }
  }

  function resolveObject(shape: ObjectShape, path: string): TypeExpression {
    if (shape.properties.size > 0) {
      const known = anonymous.get(shape);
      if (known !== undefined) return { kind: 'name', name: known };
      return named(shape, path, (name) => anonymous.set(shape, name));
    }
    if (shape.others === 'open') return { kind: 'dictionary', value: { kind: 'unknown' } };
    return {
      kind: 'dictionary',
      value: shape.others === 'closed' ? { kind: 'never' } : resolve(shape.others, `${path}Value`),
    };
  }

  function resolveUnion(members: readonly Shape[], path: string): TypeExpression {
    const suffixes = optionNames(members, lowering.look);
    return unionType(members.map((member, index) => resolve(member, path + (suffixes[index] ?? ''), true)));
  }

  function resolveSchema(ids: readonly NodeId[], path: string): TypeExpression {
    const [id] = ids;
    const name = ids.length === 1 && id !== undefined ? names.get(id) : undefined;
    if (name !== undefined) {
      if (name !== own) uses.add(name);
      return { kind: 'name', name };
    }
    const key = ids.join('\n');
    const known = declared.get(key);
    if (known !== undefined) return { kind: 'name', name: known };
    const shape = lowering.shapeOf(ids);
    const nameable = shape.kind === 'object' ? shape.properties.size > 0 : isEnumeration(shape);
    // A combination of several schemas may contain itself; under a name it may do so.
    if (nameable || ids.length > 1) return named(shape, path, (given) => declared.set(key, given), [key]);
    return resolve(shape, path);
  }

  function named(
    shape: Shape,
    path: string,
    remember?: (name: string) => void,
    heads: readonly string[] = [],
  ): TypeExpression {
    const base = typeName(path);
    let name = base;
    const isTaken = (each: string) => nested.has(each.toLowerCase()) || occupied.has(each.toLowerCase());
    for (let count = 2; isTaken(name); count++) name = `${base}${count}`;
    nested.add(name.toLowerCase());
    remember?.(name);
    declare(name, shape, {}, heads);
    return { kind: 'name', name };
  }

  /** An alias may not be defined by itself without an object or array in between; such members say nothing. */
  function withoutSelf(shape: Shape, heads: readonly string[]): Shape {
    if (heads.length === 0) return shape;
    const circular = (each: Shape) =>
      each.kind === 'schema' && heads.some((head) => leadsTo(each.ids, head, new Set()));
    if (shape.kind === 'union') return shape.of.some(circular) ? UNKNOWN : shape;
    return circular(shape) ? UNKNOWN : shape;
  }

  function leadsTo(ids: readonly NodeId[], head: string, seen: Set<string>): boolean {
    const key = ids.join('\n');
    if (key === head) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    const shape = lowering.shapeOf(ids);
    const members = shape.kind === 'union' ? shape.of : [shape];
    return members.some((member) => member.kind === 'schema' && leadsTo(member.ids, head, seen));
  }

  function docOf(shape: Shape): Doc {
    const [id, second] = shape.kind === 'schema' ? shape.ids : [];
    if (id === undefined || second !== undefined || names.has(id)) return {};
    return docOfNode(graph, id);
  }

  declare(own, lowering.shapeOf([id]), docOfNode(graph, id), [id]);
  return { declarations, uses: [...uses].sort() };
}

/** Description, else title, and whether the schema is deprecated. */
export function docOfNode(graph: SchemaGraph, id: NodeId): Doc {
  const { description, title, deprecated } = graph.node(id);
  const text = description ?? title;
  return { ...(text === undefined ? {} : { description: text }), ...(deprecated ? { deprecated } : {}) };
}

const lowered = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The same list is asked about for every module. */
function lowerCased(names: readonly string[]): ReadonlySet<string> {
  const known = lowered.get(names) ?? new Set(names.map((name) => name.toLowerCase()));
  lowered.set(names, known);
  return known;
}

/** Keys that every object has: they are there, with that type, even when the message does not carry them. */
const INHERITED: ReadonlySet<string> = new Set([
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'toString',
  'valueOf',
]);

/** Two or more literals, null aside. */
function isEnumeration(shape: Shape): boolean {
  if (shape.kind !== 'union') return false;
  const scalars = shape.of.every(
    (member) => member.kind === 'literal' || (member.kind === 'primitive' && member.type === 'null'),
  );
  return scalars && shape.of.filter((member) => member.kind === 'literal').length > 1;
}

/** What tells the members of a union apart in names: the value of a property that is a different literal in each, else their number. */
function optionNames(members: readonly Shape[], look: Look): readonly string[] {
  const objects = members.filter((member) => member.kind === 'object');
  const values = (key: string) =>
    objects.map((object) => {
      const property = object.properties.get(key)?.shape;
      const shape = property?.kind === 'schema' ? look(property) : property;
      return shape?.kind === 'literal' ? typeName(String(shape.value)) : undefined;
    });
  for (const key of objects.length > 1 ? (objects[0]?.properties.keys() ?? []) : []) {
    const found = values(key);
    if (found.some((value) => value === undefined) || new Set(found).size < found.length) continue;
    return members.map((member) => (member.kind === 'object' ? (found[objects.indexOf(member)] ?? '') : ''));
  }
  let number = 0;
  return members.map((member) => (member.kind === 'object' && objects.length > 1 ? `Option${++number}` : ''));
}
