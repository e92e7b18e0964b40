import type { ValuePath } from './documents.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** One thing that is wrong with a value, at the deepest place that can be named. */
export interface Mistake {
  readonly keyword: 'unknown-key' | 'missing-key' | 'enum' | 'mixed-forms' | 'range' | 'other';
  readonly path: ValuePath;
  readonly value: unknown;
  /** The schema that holds at `path`, references followed. */
  readonly schema: JsonSchema;
  /** Of a key: its name. */
  readonly key?: string;
  /** What is expected, where the schema as a whole does not say it. */
  readonly expected?: string;
}

/**
 * Explains why a value does not fit one of our language schemas, after Ajv has said that it does not.
 *
 * Ajv reports every branch of every `oneOf`. Here only the branch counts that the writer most likely meant: the one for the kind of value written
 * (text, list, mapping), then the one with the fewest mistakes. Knows the keywords that the language schemas use, no others.
 */
export function mistakesIn(
  value: unknown,
  schema: JsonSchema,
  root: JsonSchema,
  path: ValuePath = [],
): readonly Mistake[] {
  const here = follow(schema, root);
  if (Array.isArray(here.oneOf)) return mistakesInUnion(value, here, root, path);
  if (Array.isArray(here.enum) && !here.enum.includes(value)) return [{ keyword: 'enum', path, value, schema: here }];
  if ('const' in here && here.const !== value) return [{ keyword: 'other', path, value, schema: here }];
  if (!fitsType(value, here)) return [{ keyword: 'other', path, value, schema: here }];
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? mistakesInList(value, here, root, path) : mistakesInMapping(value, here, root, path);
  }
  return mistakesInScalar(value, here, path);
}

function mistakesInUnion(value: unknown, union: JsonSchema, root: JsonSchema, path: ValuePath): readonly Mistake[] {
  const branches = (union.oneOf as readonly JsonSchema[]).filter((branch) => takesKind(branch, value, root));
  let best: readonly Mistake[] | undefined;
  for (const branch of branches) {
    const found = mistakesIn(value, branch, root, path);
    if (best === undefined || weight(found) < weight(best)) best = found;
  }
  return best ?? [{ keyword: 'other', path, value, schema: union }];
}

/** A wrong form outweighs a missing key, and that a wrong value: the branch whose keys were written is the one that was meant. */
function weight(mistakes: readonly Mistake[]): number {
  const each = { 'mixed-forms': 10, 'missing-key': 2.5, 'unknown-key': 2, enum: 1, range: 1, other: 1 };
  return mistakes.reduce((sum, mistake) => sum + each[mistake.keyword], 0);
}

function mistakesInMapping(value: object, schema: JsonSchema, root: JsonSchema, path: ValuePath): readonly Mistake[] {
  const mapping = value as Readonly<Record<string, unknown>>;
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const patterns = Object.keys((schema.patternProperties ?? {}) as object).map((pattern) => new RegExp(pattern));
  const found: Mistake[] = [];
  const forbidden = (schema.not as { required?: readonly string[] } | undefined)?.required ?? [];
  if (forbidden.length > 0 && forbidden.every((key) => key in mapping)) {
    found.push({ keyword: 'mixed-forms', path, value, schema });
  }
  for (const key of (schema.required ?? []) as readonly string[]) {
    if (!(key in mapping)) found.push({ keyword: 'missing-key', path, value, schema, key });
  }
  for (const [key, item] of Object.entries(mapping)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (known !== undefined) found.push(...mistakesIn(item, known, root, [...path, key]));
    else if (patterns.some((pattern) => pattern.test(key))) continue;
    else if (schema.additionalProperties === false) found.push({ keyword: 'unknown-key', path, value, schema, key });
    else if (typeof schema.additionalProperties === 'object') {
      found.push(...mistakesIn(item, schema.additionalProperties as JsonSchema, root, [...path, key]));
    }
  }
  const [atLeast, atMost] = [
    Number(schema.minProperties ?? 0),
    Number(schema.maxProperties ?? Number.POSITIVE_INFINITY),
  ];
  const size = Object.keys(mapping).length;
  if (size < atLeast || size > atMost) found.push({ keyword: 'other', path, value, schema });
  return found;
}

function mistakesInList(
  value: readonly unknown[],
  schema: JsonSchema,
  root: JsonSchema,
  path: ValuePath,
): readonly Mistake[] {
  if (value.length < Number(schema.minItems ?? 0))
    return [{ keyword: 'range', path, value, schema, expected: 'at least one item' }];
  const items = schema.items as JsonSchema | undefined;
  return items === undefined ? [] : value.flatMap((item, index) => mistakesIn(item, items, root, [...path, index]));
}

function mistakesInScalar(value: unknown, schema: JsonSchema, path: ValuePath): readonly Mistake[] {
  const range = (expected: string): readonly Mistake[] => [{ keyword: 'range', path, value, schema, expected }];
  if (typeof value === 'string') {
    if (value.length < Number(schema.minLength ?? 0)) return range('some text');
    if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern, 'u').test(value)) {
      return [{ keyword: 'other', path, value, schema }];
    }
  }
  if (typeof value === 'number') {
    if (value < Number(schema.minimum ?? Number.NEGATIVE_INFINITY)) return range(`${schema.minimum} or more`);
    if (value > Number(schema.maximum ?? Number.POSITIVE_INFINITY)) return range(`${schema.maximum} or less`);
  }
  return [];
}

function fitsType(value: unknown, schema: JsonSchema): boolean {
  if (schema.type === undefined) return true;
  return [schema.type].flat().some((type) => (type === 'integer' ? Number.isInteger(value) : type === kindOf(value)));
}

/** Whether a branch of a union is for this kind of value at all, whatever else it asks. */
function takesKind(branch: JsonSchema, value: unknown, root: JsonSchema): boolean {
  const schema = follow(branch, root);
  const kind = kindOf(value);
  if (Array.isArray(schema.oneOf)) return schema.oneOf.some((inner: JsonSchema) => takesKind(inner, value, root));
  if ('const' in schema) return schema.const === value;
  if (Array.isArray(schema.enum)) return schema.enum.some((item) => kindOf(item) === kind);
  return [schema.type].flat().some((type) => type === kind || (type === 'integer' && kind === 'number'));
}

/** The definition behind a local `$ref`. */
export function follow(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (typeof schema.$ref !== 'string') return schema;
  const definition = (root.definitions as Record<string, JsonSchema>)[schema.$ref.slice('#/definitions/'.length)];
  return definition === undefined ? schema : follow(definition, root);
}

export function kindOf(value: unknown): 'null' | 'array' | 'object' | 'string' | 'number' | 'boolean' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'object' | 'string' | 'number' | 'boolean';
}
