import type { SchemaRef } from './ref.js';

/** Languages that schemas are written in. The normaliser reads all of them into one form. */
export type Dialect =
  | 'asyncapi'
  | 'openapi-3.0'
  | 'openapi-3.1'
  | 'draft-04'
  | 'draft-06'
  | 'draft-07'
  | '2019-09'
  | '2020-12';

export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** Name of a named schema, or that name followed by the JSON pointer from it: `Order`, `Order/properties/lines/items`. Unique in its graph. */
export type NodeId = string;

/** A value that may itself be null or false, boxed so that absence is visible. */
export interface Boxed {
  readonly value: unknown;
}

/**
 * One schema in canonical form: the keywords of JSON Schema 2020-12, every subschema by id.
 *
 * An absent member puts no constraint. All members hold together (`ref` and its siblings too). Nothing a known keyword said is lost:
 * `nullable`, boolean `exclusiveMinimum`, array `items`, `dependencies`, `example` and `definitions` are rewritten to their 2020-12 equals.
 */
export interface SchemaNode {
  readonly id: NodeId;
  /** Present on named schemas: messages, components, targets of a reference. Inline schemas have none. */
  readonly name?: string;
  /** Where it was written. */
  readonly origin: SchemaRef;
  /** `false` accepts nothing; `true` accepts everything. Other members are then absent. */
  readonly boolean?: boolean;

  /** Sorted, without repetition; `integer` never beside `number`. */
  readonly types?: readonly JsonType[];
  /** True when `types` was not written but follows from the keywords (`properties` without `type`), see `reading` of the normaliser. */
  readonly typesImplied?: boolean;
  readonly enum?: readonly unknown[];
  readonly const?: Boxed;

  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;

  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;

  readonly prefixItems?: readonly NodeId[];
  /** Applies to the items after `prefixItems`. */
  readonly items?: NodeId;
  readonly contains?: NodeId;
  readonly minContains?: number;
  readonly maxContains?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly unevaluatedItems?: NodeId;

  readonly properties?: ReadonlyMap<string, NodeId>;
  readonly patternProperties?: ReadonlyMap<string, NodeId>;
  readonly additionalProperties?: NodeId;
  readonly propertyNames?: NodeId;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly dependentRequired?: ReadonlyMap<string, readonly string[]>;
  readonly dependentSchemas?: ReadonlyMap<string, NodeId>;
  readonly unevaluatedProperties?: NodeId;

  readonly ref?: NodeId;
  readonly allOf?: readonly NodeId[];
  readonly anyOf?: readonly NodeId[];
  readonly oneOf?: readonly NodeId[];
  readonly not?: NodeId;
  readonly if?: NodeId;
  readonly then?: NodeId;
  readonly else?: NodeId;

  readonly title?: string;
  readonly description?: string;
  readonly default?: Boxed;
  readonly examples?: readonly unknown[];
  readonly deprecated?: boolean;
  readonly readOnly?: boolean;
  readonly writeOnly?: boolean;
  readonly contentEncoding?: string;
  readonly contentMediaType?: string;
  readonly contentSchema?: NodeId;
  /** OpenAPI and AsyncAPI: says which branch a value means, asserts nothing by itself. Mapping values that lead nowhere are left out. */
  readonly discriminator?: { readonly propertyName: string; readonly mapping: ReadonlyMap<string, NodeId> };
  /** `x-` keys as written. */
  readonly extensions?: ReadonlyMap<string, unknown>;
  /** Keywords that this dialect does not define or whose value has the wrong form: they were not applied. A prover must not claim anything about them. */
  readonly unknown?: readonly string[];
}

/** What could not be read as written. `code` is stable; the caller turns it into a finding with a line number. */
export interface SchemaProblem {
  readonly code:
    | 'ref-unresolved'
    | 'ref-cycle'
    | 'not-a-schema'
    | 'keyword-invalid'
    | 'keyword-unknown'
    | 'pattern-invalid'
    | 'type-implied'
    | 'too-deep';
  readonly at: SchemaRef;
  readonly message: string;
}

/** Schemas and the references between them; cycles allowed. Order of `nodes` is the order of first sight from the roots: deterministic. */
export interface SchemaGraph {
  readonly nodes: ReadonlyMap<NodeId, SchemaNode>;
  /** Asked-for key -> node. Two keys may share one node. */
  readonly roots: ReadonlyMap<string, NodeId>;
  readonly problems: readonly SchemaProblem[];
  /** The node for a place in the contracts, after following pure references; undefined when the place was not reached. */
  find(place: SchemaRef): SchemaNode | undefined;
  /** The node with this id; throws when there is none, which is a mistake of the caller. */
  node(id: NodeId): SchemaNode;
}
