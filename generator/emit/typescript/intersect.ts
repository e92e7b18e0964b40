import {
  NEVER,
  type ObjectShape,
  type PropertyShape,
  type Shape,
  shapeKey,
  type TupleShape,
  UNKNOWN,
  unionOf,
} from './shape.js';

/** Gives the shape behind a `schema` shape; never returns one of that kind. */
export type Look = (shape: Extract<Shape, { kind: 'schema' }>) => Exclude<Shape, { kind: 'schema' }>;

/** More members than this are not multiplied out: the left side alone is wider and still right. */
const MEMBERS_MAX = 64;

/**
 * Values that both shapes hold (or more, never fewer).
 * Parts of objects and arrays that are schemas on both sides are combined by name and not entered, which is what ends the recursion.
 */
export function intersect(left: Shape, right: Shape, look: Look): Shape {
  if (left.kind === 'unknown' || right.kind === 'never') return right;
  if (right.kind === 'unknown' || left.kind === 'never') return left;
  if (shapeKey(left) === shapeKey(right)) return left;
  if (left.kind === 'schema') return adds(right, look(left), look) ? intersect(look(left), right, look) : left;
  if (right.kind === 'schema') return adds(left, look(right), look) ? intersect(left, look(right), look) : right;
  if (left.kind === 'union' || right.kind === 'union') return distribute(left, right, look);
  if (left.kind === 'literal') return holdsLiteral(right, left.value) ? left : NEVER;
  if (right.kind === 'literal') return holdsLiteral(left, right.value) ? right : NEVER;
  if (left.kind === 'object' && right.kind === 'object') return mergeObjects(left, right, look);
  if (left.kind === 'array' && right.kind === 'array')
    return { kind: 'array', item: both(left.item, right.item, look) };
  if (isList(left) && isList(right)) return mergeTuples(asTuple(left), asTuple(right), look);
  return NEVER;
}

/** Whether `extra` may say something that the shape behind a named schema does not: if not, the name can stay. */
function adds(extra: Shape, known: Shape, look: Look): boolean {
  if (extra.kind === 'object' && extra.properties.size === 0 && extra.others === 'open') {
    const members = known.kind === 'union' ? known.of : [known];
    return !members.every((member) => (member.kind === 'schema' ? look(member) : member).kind === 'object');
  }
  return true;
}

/** Intersection in a child position: schemas stay names. */
function both(left: Shape, right: Shape, look: Look): Shape {
  if (left.kind === 'schema' && right.kind === 'schema')
    return { kind: 'schema', ids: [...new Set([...left.ids, ...right.ids])].sort() };
  return intersect(left, right, look);
}

function distribute(left: Shape, right: Shape, look: Look): Shape {
  const lefts = left.kind === 'union' ? left.of : [left];
  const rights = right.kind === 'union' ? right.of : [right];
  if (lefts.length * rights.length > MEMBERS_MAX && lefts.length > 1 && rights.length > 1) {
    const scalar = rights.every((member) => member.kind === 'literal' || member.kind === 'primitive');
    if (!scalar) return left;
  }
  return unionOf(lefts.flatMap((one) => rights.map((other) => intersect(one, other, look))));
}

function holdsLiteral(shape: Shape, value: string | number | boolean): boolean {
  if (shape.kind === 'literal') return shape.value === value;
  return shape.kind === 'primitive' && shape.type === typeof value;
}

function mergeObjects(left: ObjectShape, right: ObjectShape, look: Look): Shape {
  const properties = new Map<string, PropertyShape>();
  for (const key of new Set([...left.properties.keys(), ...right.properties.keys()])) {
    const [one, other] = [left.properties.get(key), right.properties.get(key)];
    const shape = both(one?.shape ?? unlisted(left), other?.shape ?? unlisted(right), look);
    const required = (one?.required ?? false) || (other?.required ?? false);
    if (shape.kind === 'never' && required) return NEVER;
    properties.set(key, { shape, required });
  }
  return { kind: 'object', properties, others: mergeOthers(left.others, right.others, look) };
}

/** What an object shape says about a key that it does not list. */
function unlisted({ others }: ObjectShape): Shape {
  if (others === 'open') return UNKNOWN;
  return others === 'closed' ? NEVER : others;
}

function mergeOthers(left: ObjectShape['others'], right: ObjectShape['others'], look: Look): ObjectShape['others'] {
  if (left === 'closed' || right === 'closed') return 'closed';
  if (left === 'open') return right;
  return right === 'open' ? left : both(left, right, look);
}

type ListShape = TupleShape | { readonly kind: 'array'; readonly item: Shape };

function isList(shape: Shape): shape is ListShape {
  return shape.kind === 'array' || shape.kind === 'tuple';
}

function asTuple(shape: ListShape): TupleShape {
  return shape.kind === 'tuple' ? shape : { kind: 'tuple', items: [], required: 0, rest: shape.item };
}

function mergeTuples(left: TupleShape, right: TupleShape, look: Look): Shape {
  const required = Math.max(left.required, right.required);
  const items: Shape[] = [];
  for (let index = 0; index < Math.max(left.items.length, right.items.length); index++) {
    const [one, other] = [left.items[index] ?? left.rest, right.items[index] ?? right.rest];
    if (!one || !other) return index < required ? NEVER : { kind: 'tuple', items, required };
    items.push(both(one, other, look));
  }
  const rest = left.rest && right.rest ? both(left.rest, right.rest, look) : undefined;
  return { kind: 'tuple', items, required, ...(rest ? { rest } : {}) };
}
