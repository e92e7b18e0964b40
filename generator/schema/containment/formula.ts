import type { TypeName } from './json.js';

/** What a keyword measures: code points of a text, items of an array, properties of an object. */
export type Measured = 'string' | 'array' | 'object';
export type Side = 'min' | 'max';

/**
 * The normal form: what a schema says about one value, in negation normal form. Every part is interned, so that equal parts are one object.
 *
 * An atom about one type holds for values of the other types: `bound` says nothing about a text. `type` alone tells types apart.
 */
export type Formula =
  | { readonly kind: 'true'; readonly id: number }
  | { readonly kind: 'false'; readonly id: number }
  | { readonly kind: 'and'; readonly id: number; readonly parts: readonly Formula[] }
  | { readonly kind: 'or'; readonly id: number; readonly parts: readonly Formula[] }
  | Atom
  | Reference;

export type Atom =
  | { readonly kind: 'type'; readonly id: number; readonly mask: number }
  /** The value is one of these (`holds`), or none of them. By `keyOf`. */
  | {
      readonly kind: 'values';
      readonly id: number;
      readonly values: ReadonlyMap<string, unknown>;
      readonly holds: boolean;
    }
  | {
      readonly kind: 'bound';
      readonly id: number;
      readonly side: Side;
      readonly limit: number;
      readonly exclusive: boolean;
    }
  | { readonly kind: 'multiple'; readonly id: number; readonly of: number; readonly holds: boolean }
  | {
      readonly kind: 'length';
      readonly id: number;
      readonly of: Measured;
      readonly side: Side;
      readonly count: number;
    }
  | { readonly kind: 'pattern'; readonly id: number; readonly source: string; readonly holds: boolean }
  | { readonly kind: 'format'; readonly id: number; readonly name: string; readonly holds: boolean }
  | { readonly kind: 'present'; readonly id: number; readonly name: string; readonly holds: boolean }
  /** The property, if it is there. */
  | { readonly kind: 'property'; readonly id: number; readonly name: string; readonly schema: Formula }
  /** Every property whose name satisfies `names`. */
  | { readonly kind: 'each'; readonly id: number; readonly names: Formula; readonly schema: Formula }
  /** At least one property with such a name and such a value. */
  | { readonly kind: 'some'; readonly id: number; readonly names: Formula; readonly schema: Formula }
  /** The item at this index, if it is there. */
  | { readonly kind: 'item'; readonly id: number; readonly index: number; readonly schema: Formula }
  /** How many of the items from an index on satisfy the schema. */
  | {
      readonly kind: 'count';
      readonly id: number;
      readonly from: number;
      readonly schema: Formula;
      readonly side: Side;
      readonly count: number;
    }
  | { readonly kind: 'unique'; readonly id: number; readonly holds: boolean }
  /** Something this engine cannot reason about. */
  | { readonly kind: 'opaque'; readonly id: number; readonly what: string; readonly holds: boolean };

/** A schema that contains itself; unfolded on demand. `key` is equal for equal schemas. */
export interface Reference {
  readonly kind: 'reference';
  readonly id: number;
  readonly key: string;
  readonly holds: boolean;
  unfold(): Formula;
}

/** One bit per type. */
export const BIT: Readonly<Record<TypeName, number>> = {
  null: 1,
  boolean: 2,
  number: 4,
  string: 8,
  array: 16,
  object: 32,
};
export const ALL_TYPES = 63;

/** The type that an atom speaks about; undefined for those that speak about all. */
export function subjectOf(formula: Formula): TypeName | undefined {
  switch (formula.kind) {
    case 'bound':
    case 'multiple':
      return 'number';
    case 'pattern':
    case 'format':
      return 'string';
    case 'length':
      return formula.of;
    case 'present':
    case 'property':
    case 'each':
    case 'some':
      return 'object';
    case 'item':
    case 'count':
    case 'unique':
      return 'array';
    default:
      return undefined;
  }
}
