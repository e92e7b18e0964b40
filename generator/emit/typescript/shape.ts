import type { NodeId } from '../../schema/node.js';

/**
 * What TypeScript can say about JSON values. The shape of a schema holds every value that the schema accepts; it may hold more, never fewer.
 */
export type Shape =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'never' }
  | { readonly kind: 'primitive'; readonly type: 'string' | 'number' | 'boolean' | 'null' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'array'; readonly item: Shape }
  | TupleShape
  | ObjectShape
  | { readonly kind: 'union'; readonly of: readonly Shape[] }
  /** Values that all of these schemas accept; sorted, at least one. Looked up only when needed, so that shapes of recursive schemas are finite. */
  | { readonly kind: 'schema'; readonly ids: readonly NodeId[] };

export interface TupleShape {
  readonly kind: 'tuple';
  readonly items: readonly Shape[];
  /** How many of `items` are always there. */
  readonly required: number;
  /** Items after those; absent = none may follow. */
  readonly rest?: Shape;
}

export interface ObjectShape {
  readonly kind: 'object';
  readonly properties: ReadonlyMap<string, PropertyShape>;
  /** Undeclared keys: allowed with any value, forbidden, or allowed with values of a shape. */
  readonly others: 'open' | 'closed' | Shape;
}

export interface PropertyShape {
  readonly shape: Shape;
  readonly required: boolean;
}

export const UNKNOWN: Shape = { kind: 'unknown' };
export const NEVER: Shape = { kind: 'never' };

/** The union of shapes, flattened, without repetition and without members that another one covers. */
export function unionOf(shapes: readonly Shape[]): Shape {
  const flat = shapes.flatMap((shape) => (shape.kind === 'union' ? shape.of : [shape]));
  if (flat.some((shape) => shape.kind === 'unknown')) return UNKNOWN;
  const whole = new Set<string>(flat.flatMap((shape) => (shape.kind === 'primitive' ? [shape.type] : [])));
  const members = new Map<string, Shape>();
  for (const shape of flat) {
    if (shape.kind === 'never' || (shape.kind === 'literal' && whole.has(typeof shape.value))) continue;
    const key = shapeKey(shape);
    if (!members.has(key)) members.set(key, shape);
  }
  const [only, second] = members.values();
  if (!only) return NEVER;
  return second ? { kind: 'union', of: [...members.values()] } : only;
}

/** Text that is equal for shapes of equal structure. */
export function shapeKey(shape: Shape): string {
  switch (shape.kind) {
    case 'unknown':
    case 'never':
      return shape.kind;
    case 'primitive':
      return shape.type;
    case 'literal':
      return JSON.stringify(shape.value);
    case 'array':
      return `array(${shapeKey(shape.item)})`;
    case 'tuple':
      return `tuple(${shape.required};${shape.items.map(shapeKey).join(',')};${shape.rest ? shapeKey(shape.rest) : ''})`;
    case 'object': {
      const members = [...shape.properties].map(
        ([key, { shape: inner, required }]) => `${JSON.stringify(key)}${required ? '' : '?'}:${shapeKey(inner)}`,
      );
      return `{${members.join(',')};${typeof shape.others === 'string' ? shape.others : shapeKey(shape.others)}}`;
    }
    case 'union':
      return `(${shape.of.map(shapeKey).join('|')})`;
    case 'schema':
      return `<${shape.ids.join('&')}>`;
  }
}

/** The shape that holds one JSON value only. */
export function shapeOfValue(value: unknown): Shape {
  if (value === null) return { kind: 'primitive', type: 'null' };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return { kind: 'literal', value };
  if (Array.isArray(value)) return { kind: 'tuple', items: value.map(shapeOfValue), required: value.length };
  const members = Object.entries(value as object).map(
    ([key, inner]) => [key, { shape: shapeOfValue(inner), required: true }] as const,
  );
  return { kind: 'object', properties: new Map(members), others: 'closed' };
}
