import type { SchemaBody } from './edges.js';
import type { Dialect, JsonType, NodeId, SchemaProblem } from './node.js';
import { unicodePattern } from './pattern.js';

/** How the reader of one schema object talks to the walk over all of them. */
export interface ReadContext {
  readonly dialect: Dialect;
  /** Whether `properties` without `type` means an object here, see `reading` of the normaliser. */
  readonly imply: boolean;
  /**
   * Id of the subschema under these keys. `value`: it describes another value; `branch`: it adds to what is said about this one, beside a written
   * type or not (`typed`); `condition`: it is only tested, so nothing may be read into it.
   */
  subschema(keys: readonly string[], position: 'value' | 'branch' | 'condition', typed?: boolean): NodeId;
  /** Id of the schema that a `$ref` text leads to; undefined when it leads nowhere (already reported). */
  reference(text: string): NodeId | undefined;
  /** Id of a schema that nobody wrote, built from parts of this one. */
  synthetic(label: string, body: SchemaBody): NodeId;
  problem(code: SchemaProblem['code'], message: string): void;
}

export type Raw = Readonly<Record<string, unknown>>;
/** A body under construction. */
export type Draft = { -readonly [K in keyof SchemaBody]: SchemaBody[K] };

/** Reads a keyword into the body; `'malformed'` means that the value has the wrong form, `'told'` the same when the reader has reported it. */
export type Reader = (body: Draft, value: unknown, raw: Raw, context: ReadContext) => 'malformed' | 'told' | undefined;

const number =
  (keyword: 'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum' | 'multipleOf'): Reader =>
  (body, value) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || (keyword === 'multipleOf' && value <= 0))
      return 'malformed';
    body[keyword] = value;
    return undefined;
  };

type CountKeyword =
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'minContains'
  | 'maxContains'
  | 'minProperties'
  | 'maxProperties';

const count =
  (keyword: CountKeyword): Reader =>
  (body, value) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return 'malformed';
    body[keyword] = value;
    return undefined;
  };

const text =
  (keyword: 'title' | 'description' | 'format' | 'contentEncoding' | 'contentMediaType'): Reader =>
  (body, value) => {
    if (typeof value !== 'string') return 'malformed';
    body[keyword] = value;
    return undefined;
  };

const flag =
  (keyword: 'deprecated' | 'readOnly' | 'writeOnly' | 'uniqueItems'): Reader =>
  (body, value) => {
    if (typeof value !== 'boolean') return 'malformed';
    if (value) body[keyword] = true;
    return undefined;
  };

type OneKeyword =
  | 'contains'
  | 'unevaluatedItems'
  | 'additionalProperties'
  | 'propertyNames'
  | 'unevaluatedProperties'
  | 'not'
  | 'if'
  | 'then'
  | 'else'
  | 'contentSchema';

const one =
  (keyword: OneKeyword, position: 'value' | 'condition' = 'value'): Reader =>
  (body, value, _raw, context) => {
    if (!isSchema(value)) return 'malformed';
    body[keyword] = context.subschema([keyword], position);
    return undefined;
  };

const branches =
  (keyword: 'allOf' | 'anyOf' | 'oneOf'): Reader =>
  (body, value, raw, context) => {
    if (!Array.isArray(value) || value.length === 0 || !value.every(isSchema)) return 'malformed';
    // A branch beside a `type` speaks about a value whose type is known; alone it has to say the type itself.
    const typed = raw.type !== undefined || raw.properties !== undefined;
    body[keyword] = value.map((_, index) => context.subschema([keyword, String(index)], 'branch', typed));
    return undefined;
  };

const keyed =
  (keyword: 'properties' | 'patternProperties'): Reader =>
  (body, value, _raw, context) => {
    if (!isMapping(value)) return 'malformed';
    const ids = new Map<string, NodeId>();
    for (const key of Object.keys(value)) {
      if (!isSchema(value[key])) context.problem('not-a-schema', `"${key}" is no schema`);
      else if (keyword === 'properties') ids.set(key, context.subschema([keyword, key], 'value'));
      else {
        const pattern = unicodePattern(key);
        if (pattern === undefined) context.problem('pattern-invalid', `"${key}" is no regular expression`);
        else ids.set(pattern, context.subschema([keyword, key], 'value'));
      }
    }
    body[keyword] = ids;
    return undefined;
  };

const exclusive =
  (keyword: 'exclusiveMinimum' | 'exclusiveMaximum', limit: 'minimum' | 'maximum'): Reader =>
  (body, value, raw, context) => {
    if (typeof value !== 'boolean') return number(keyword)(body, value, raw, context);
    const bound = raw[limit];
    if (value && typeof bound === 'number') body[keyword] = bound;
    return undefined;
  };

/** Up to draft-04 and in OpenAPI 3.0 the bound itself is written as `minimum` and made exclusive by a flag beside it. */
const limit =
  (keyword: 'minimum' | 'maximum', exclusiveFlag: 'exclusiveMinimum' | 'exclusiveMaximum'): Reader =>
  (body, value, raw, context) =>
    raw[exclusiveFlag] === true ? undefined : number(keyword)(body, value, raw, context);

const reference: Reader = (body, value, _raw, context) => {
  if (typeof value !== 'string') return 'malformed';
  const id = context.reference(value);
  if (id !== undefined) body.ref = id;
  return undefined;
};

/** How each keyword of any draft is read. */
export const READERS: Readonly<Record<string, Reader>> = {
  $ref: reference,
  $dynamicRef: reference,
  $recursiveRef: reference,
  type: readType,
  enum: (body, value) => {
    if (!Array.isArray(value) || value.length === 0) return 'malformed';
    body.enum = value;
    return undefined;
  },
  const: (body, value) => {
    body.const = { value };
    return undefined;
  },
  minimum: limit('minimum', 'exclusiveMinimum'),
  maximum: limit('maximum', 'exclusiveMaximum'),
  exclusiveMinimum: exclusive('exclusiveMinimum', 'minimum'),
  exclusiveMaximum: exclusive('exclusiveMaximum', 'maximum'),
  multipleOf: number('multipleOf'),
  minLength: count('minLength'),
  maxLength: count('maxLength'),
  pattern: (body, value, _raw, context) => {
    if (typeof value !== 'string') return 'malformed';
    const pattern = unicodePattern(value);
    if (pattern === undefined) {
      context.problem('pattern-invalid', `"${value}" is no regular expression`);
      return 'told';
    }
    body.pattern = pattern;
    return undefined;
  },
  format: text('format'),
  items: (body, value, raw, context) => {
    if (Array.isArray(value)) {
      if (!value.every(isSchema)) return 'malformed';
      body.prefixItems = value.map((_, index) => context.subschema(['items', String(index)], 'value'));
      if (isSchema(raw.additionalItems)) body.items = context.subschema(['additionalItems'], 'value');
      return undefined;
    }
    if (!isSchema(value)) return 'malformed';
    body.items = context.subschema(['items'], 'value');
    return undefined;
  },
  prefixItems: (body, value, _raw, context) => {
    if (!Array.isArray(value) || !value.every(isSchema)) return 'malformed';
    body.prefixItems = value.map((_, index) => context.subschema(['prefixItems', String(index)], 'value'));
    return undefined;
  },
  contains: one('contains'),
  minContains: count('minContains'),
  maxContains: count('maxContains'),
  minItems: count('minItems'),
  maxItems: count('maxItems'),
  uniqueItems: flag('uniqueItems'),
  unevaluatedItems: one('unevaluatedItems'),
  properties: keyed('properties'),
  patternProperties: keyed('patternProperties'),
  additionalProperties: one('additionalProperties'),
  propertyNames: one('propertyNames'),
  required: (body, value) => {
    if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) return 'malformed';
    if (value.length > 0) body.required = [...new Set<string>(value)];
    return undefined;
  },
  minProperties: count('minProperties'),
  maxProperties: count('maxProperties'),
  dependentRequired: readDependencies,
  dependentSchemas: readDependencies,
  dependencies: readDependencies,
  unevaluatedProperties: one('unevaluatedProperties'),
  allOf: branches('allOf'),
  anyOf: branches('anyOf'),
  oneOf: branches('oneOf'),
  not: one('not', 'condition'),
  if: one('if', 'condition'),
  // biome-ignore lint/suspicious/noThenProperty: the keyword is called so
  then: one('then', 'condition'),
  else: one('else', 'condition'),
  title: text('title'),
  description: text('description'),
  default: (body, value) => {
    body.default = { value };
    return undefined;
  },
  example: (body, value) => {
    body.examples = [...(body.examples ?? []), value];
    return undefined;
  },
  examples: (body, value) => {
    if (!Array.isArray(value)) return 'malformed';
    body.examples = [...(body.examples ?? []), ...value];
    return undefined;
  },
  deprecated: flag('deprecated'),
  readOnly: flag('readOnly'),
  writeOnly: flag('writeOnly'),
  contentEncoding: text('contentEncoding'),
  contentMediaType: text('contentMediaType'),
  contentSchema: one('contentSchema'),
  discriminator: readDiscriminator,
};

/** Keywords that name, hold or explain, and those that another reader takes into account. */
export const SILENT = new Set([
  '$schema',
  '$id',
  'id',
  '$comment',
  '$defs',
  'definitions',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
  '$vocabulary',
  'additionalItems',
  'externalDocs',
  'xml',
  'nullable',
  'summary',
]);

/** Every type, in the order in which nodes list them. */
export const TYPES: readonly JsonType[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

function readType(body: Draft, value: unknown): ReturnType<Reader> {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (given.length === 0 || !given.every((each) => (TYPES as readonly unknown[]).includes(each))) return 'malformed';
  body.types = TYPES.filter((type) => given.includes(type) && !(type === 'integer' && given.includes('number')));
  return undefined;
}

function readDependencies(body: Draft, value: unknown, raw: Raw, context: ReadContext): ReturnType<Reader> {
  if (!isMapping(value)) return 'malformed';
  const keyword = Object.keys(raw).find((key) => raw[key] === value) ?? 'dependencies';
  const required = new Map(body.dependentRequired ?? []);
  const schemas = new Map(body.dependentSchemas ?? []);
  for (const key of Object.keys(value)) {
    const dependency = value[key];
    if (Array.isArray(dependency))
      required.set(
        key,
        dependency.filter((each): each is string => typeof each === 'string'),
      );
    else if (isSchema(dependency)) schemas.set(key, context.subschema([keyword, key], 'condition'));
  }
  if (required.size > 0) body.dependentRequired = required;
  if (schemas.size > 0) body.dependentSchemas = schemas;
  return undefined;
}

function readDiscriminator(body: Draft, value: unknown, _raw: Raw, context: ReadContext): ReturnType<Reader> {
  if (typeof value === 'string') {
    body.discriminator = { propertyName: value, mapping: new Map() };
    return undefined;
  }
  if (!isMapping(value) || typeof value.propertyName !== 'string') return 'malformed';
  const mapping = new Map<string, NodeId>();
  const targets = isMapping(value.mapping) ? value.mapping : {};
  for (const key of Object.keys(targets)) {
    const target = targets[key];
    if (typeof target !== 'string') continue;
    const id = context.reference(/[#/.]/.test(target) ? target : `#/components/schemas/${target}`);
    if (id !== undefined) mapping.set(key, id);
  }
  body.discriminator = { propertyName: value.propertyName, mapping };
  return undefined;
}

export function isSchema(value: unknown): boolean {
  return typeof value === 'boolean' || isMapping(value);
}

export function isMapping(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
