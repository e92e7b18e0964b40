import type { Dialect } from '../../../generator/schema/node.js';
import type { RandomStream } from '../../../generator/schema/random.js';

export type Schema = boolean | SchemaObject;
export interface SchemaObject {
  [keyword: string]: unknown;
}

export const DIALECTS = ['draft-07', '2019-09', '2020-12', 'openapi-3.0'] as const satisfies readonly Dialect[];
export type FuzzDialect = (typeof DIALECTS)[number];

// Small alphabets: two random schemas then speak about the same things.
export const NAMES = ['a', 'b', 'c', 'xa'] as const;
const PATTERNS = [
  '^a',
  'b$',
  '^[ab]*$',
  '^[a-c]{1,3}$',
  '^\\d+$',
  'a|b',
  '^(?!a)',
  '^x',
  '^.$',
  '^(?=.*\\d)[\\w-]+$',
  '^(a|bc)+$',
  '\\bb\\b',
];
const FORMATS = ['date', 'ipv4', 'uuid', 'email', 'date-time', 'uri', 'no-such-format'];
const STEPS = [1, 2, 3, 4, 0.5, 0.25, 1.5, 6, 10];
export const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, 1, 2, 3, -1, 1.5, 12, '', 'a', 'b', 'ab', 'abc', 'bc', '12'],
  ...[[], [1], ['a'], [1, 1], ['a', 'b'], {}, { a: 1 }, { a: 'a' }, { b: null }, { a: 1, b: 2 }],
];
const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;

/** A schema in one dialect with definitions of its own, some of them recursive. */
export function randomSchema(random: RandomStream, dialect: FuzzDialect): Schema {
  const writer = new Writer(random, dialect);
  const root = writer.schema(3, false);
  if (typeof root === 'boolean') return root;
  const definitions: Record<string, Schema> = {};
  for (let index = 0; index < writer.names.length; index++)
    definitions[writer.names[index] ?? ''] = writer.definition(2, index);
  return writer.isUsed ? { ...root, [writer.keyword]: definitions } : root;
}

/** A schema without references, to put somewhere into another. */
export function randomPart(random: RandomStream, dialect: FuzzDialect, depth = 1): Schema {
  return new Writer(random, dialect, true).schema(depth, false);
}

class Writer {
  isUsed = false;
  readonly keyword: string;
  readonly names = ['X', 'Y'];
  private readonly random: RandomStream;
  private readonly dialect: FuzzDialect;
  private readonly alone: boolean;
  /** Definitions from here on may be referred to without a value getting smaller; the others only from within a value. */
  private after = 0;

  constructor(random: RandomStream, dialect: FuzzDialect, alone = false) {
    this.random = random;
    this.dialect = dialect;
    this.alone = alone;
    this.keyword = dialect === 'draft-07' || dialect === 'openapi-3.0' ? 'definitions' : '$defs';
  }

  definition(depth: number, index: number): Schema {
    this.after = index + 1;
    return this.schema(depth, false);
  }

  /** `inside`: below a property or an item of the definition being written. */
  schema(depth: number, inside: boolean): Schema {
    const { random } = this;
    const isOpenApi = this.dialect === 'openapi-3.0';
    if (!isOpenApi && random.chance(0.06)) return random.chance(0.7);
    if (depth <= 0 || random.chance(0.5)) return this.typed(depth, inside);
    const branch = () => this.schema(depth - 1, inside);
    const branches = () => Array.from({ length: random.between(1, 3) }, branch);
    const kind = random.between(-1, 9);
    if (kind <= 1) return this.reference(depth, inside);
    if (kind === 2) return this.values();
    const sibling = random.chance(0.4) ? this.typed(depth - 1, inside) : {};
    const wide = this.evaluated(sibling, depth);
    if (kind === 3) return { ...wide, allOf: branches() };
    if (kind === 4) return { ...wide, anyOf: branches() };
    if (kind <= 6) return { ...wide, oneOf: branches() };
    if (kind === 7 || isOpenApi) return { ...wide, not: branch() };
    return { ...wide, if: branch(), ...this.some(0.8, 'then', branch), ...this.some(0.6, 'else', branch) };
  }

  /** `unevaluated...` in the drafts that have them. */
  private evaluated(schema: SchemaObject, depth: number): SchemaObject {
    const has = this.dialect === '2019-09' || this.dialect === '2020-12';
    if (!has || !this.random.chance(0.25)) return schema;
    const words =
      'items' in schema || 'prefixItems' in schema
        ? ['unevaluatedItems']
        : ['unevaluatedProperties', 'unevaluatedItems'];
    const keyword = this.random.pick(words) ?? '';
    return { ...schema, [keyword]: this.random.chance(0.7) ? false : this.schema(depth - 1, true) };
  }

  private reference(depth: number, inside: boolean): SchemaObject {
    const targets = [
      ...this.names.map((name) => `#/${this.keyword}/${name}`).slice(inside ? 0 : this.after),
      ...(inside ? ['#'] : []),
    ];
    const target = this.random.pick(targets);
    if (this.alone || target === undefined) return this.typed(depth, inside);
    this.isUsed = true;
    return { $ref: target };
  }

  private values(): SchemaObject {
    const { random } = this;
    const values = random.chance(0.5) ? VALUES : VALUES.filter((value) => typeof value === 'string');
    if (this.dialect !== 'openapi-3.0' && random.chance(0.4)) return { const: random.pick(values) ?? null };
    const chosen = Array.from({ length: random.between(1, 4) }, () => random.pick(values) ?? null);
    return { enum: [...new Map(chosen.map((value) => [JSON.stringify(value), value])).values()] };
  }

  private typed(depth: number, inside: boolean): SchemaObject {
    const { random } = this;
    const deep: readonly (typeof TYPES)[number][] = [...TYPES, 'object', 'object', 'array', 'string'];
    const type = random.pick(depth > 0 ? deep : TYPES.slice(0, 5)) ?? 'null';
    if (this.dialect === 'openapi-3.0') {
      if (type === 'null') return { type: 'string', enum: ['a', null], nullable: true };
      const nullable = random.chance(0.15) ? { nullable: true } : {};
      return { type, ...nullable, ...this.keywordsOf(type, depth, inside) };
    }
    const keywords = this.keywordsOf(type, depth, inside);
    if (random.chance(0.12)) return keywords;
    if (!random.chance(0.15)) return { type, ...keywords };
    const other = random.pick(TYPES) ?? 'null';
    return { type: [...new Set([type, other])], ...keywords, ...this.keywordsOf(other, depth - 1, inside) };
  }

  private keywordsOf(type: (typeof TYPES)[number], depth: number, inside: boolean): SchemaObject {
    switch (type) {
      case 'integer':
      case 'number':
        return this.number();
      case 'string':
        return this.text();
      case 'array':
        return this.array(depth);
      case 'object':
        return this.object(depth, inside);
      default:
        return {};
    }
  }

  private some(chance: number, keyword: string, value: () => unknown): SchemaObject {
    return this.random.chance(chance) ? { [keyword]: value() } : {};
  }

  private number(): SchemaObject {
    const { random } = this;
    const bound = () => (random.chance(0.85) ? random.between(-3, 8) : random.between(-3, 8) + 0.5);
    const exclusive = (side: 'Minimum' | 'Maximum') =>
      this.dialect === 'openapi-3.0'
        ? { [side.toLowerCase()]: bound(), [`exclusive${side}`]: random.chance(0.7) }
        : { [`exclusive${side}`]: bound() };
    return {
      ...this.some(0.35, 'minimum', bound),
      ...this.some(0.35, 'maximum', bound),
      ...(random.chance(0.12) ? exclusive('Minimum') : {}),
      ...(random.chance(0.12) ? exclusive('Maximum') : {}),
      ...this.some(0.2, 'multipleOf', () => random.pick(STEPS)),
    };
  }

  private text(): SchemaObject {
    const { random } = this;
    return {
      ...this.some(0.25, 'minLength', () => random.between(0, 3)),
      ...this.some(0.25, 'maxLength', () => random.between(0, 5)),
      ...this.some(0.3, 'pattern', () => random.pick(PATTERNS)),
      ...this.some(0.1, 'format', () => random.pick(FORMATS)),
    };
  }

  private array(depth: number): SchemaObject {
    const { random, dialect } = this;
    const item = () => this.schema(depth - 1, true);
    const tuple = () => Array.from({ length: random.between(1, 2) }, item);
    const isTuple = dialect !== 'openapi-3.0' && random.chance(0.25);
    const shape: SchemaObject = !isTuple
      ? this.some(dialect === 'openapi-3.0' ? 1 : 0.7, 'items', item)
      : dialect === '2020-12'
        ? { prefixItems: tuple(), ...this.some(0.5, 'items', item) }
        : { items: tuple(), ...this.some(0.5, 'additionalItems', item) };
    const counts = dialect === '2019-09' || dialect === '2020-12';
    const contained =
      dialect !== 'openapi-3.0' && random.chance(0.15)
        ? {
            contains: item(),
            ...(counts ? this.some(0.4, 'minContains', () => random.between(0, 2)) : {}),
            ...(counts ? this.some(0.3, 'maxContains', () => random.between(1, 3)) : {}),
          }
        : {};
    const whole = {
      ...shape,
      ...contained,
      ...this.some(0.25, 'minItems', () => random.between(0, 2)),
      ...this.some(0.25, 'maxItems', () => random.between(0, 4)),
      ...this.some(0.12, 'uniqueItems', () => random.chance(0.9)),
    };
    return this.evaluated(whole, depth);
  }

  private object(depth: number, inside: boolean): SchemaObject {
    const { random, dialect } = this;
    const member = () => this.schema(depth - 1, true);
    const names = () => NAMES.filter(() => random.chance(0.4));
    const map = (keys: readonly string[], value: () => unknown) =>
      Object.fromEntries(keys.map((key) => [key, value()]));
    const rich = dialect !== 'openapi-3.0';
    const isNew = dialect === '2019-09' || dialect === '2020-12';
    const one = () => [random.pick(NAMES) ?? 'a'];
    return this.evaluated(
      {
        ...this.some(0.85, 'properties', () => map(names(), member)),
        ...this.some(0.4, 'required', names),
        ...this.some(0.35, 'additionalProperties', () => (random.chance(0.6) ? false : member())),
        ...(rich ? this.some(0.15, 'patternProperties', () => map([random.pick(PATTERNS) ?? ''], member)) : {}),
        ...(rich
          ? this.some(0.1, 'propertyNames', () => ({
              ...this.text(),
              ...(random.chance(0.2) ? { enum: [...NAMES] } : {}),
            }))
          : {}),
        ...this.some(0.1, 'minProperties', () => random.between(0, 2)),
        ...this.some(0.1, 'maxProperties', () => random.between(0, 3)),
        ...(isNew ? this.some(0.25, 'dependentRequired', () => map(one(), names)) : {}),
        ...(isNew ? this.some(0.25, 'dependentSchemas', () => map(one(), () => this.schema(depth - 1, inside))) : {}),
        ...(dialect === 'draft-07'
          ? this.some(0.1, 'dependencies', () =>
              map(one(), () => (random.chance(0.5) ? names() : this.schema(depth - 1, inside))),
            )
          : {}),
      },
      depth,
    );
  }
}
