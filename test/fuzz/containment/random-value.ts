import { textOfPattern } from '../../../generator/schema/pattern-example.js';
import type { RandomStream } from '../../../generator/schema/random.js';
import { textOfFormat } from '../../../generator/schema/text-example.js';
import { isObject, resolve } from './places.js';
import { NAMES, type Schema, type SchemaObject, VALUES } from './random-schema.js';

/** A value that a schema may well accept; the validator says whether it does. Written without a look at the engine that is tested. */
export function randomValue(random: RandomStream, root: Schema): unknown {
  return new Guesser(random, root).value(root, 0);
}

/** The same value with one small thing changed. */
export function nudge(random: RandomStream, value: unknown): unknown {
  if (typeof value === 'number') return value + (random.pick([-1, 1, 0.5, -0.5, 0.25]) ?? 1);
  if (typeof value === 'string') return random.chance(0.5) ? value.slice(1) : value + (random.pick([...'ab1 ']) ?? '');
  if (Array.isArray(value)) {
    const at = random.between(0, value.length);
    if (random.chance(0.3)) return [...value, anyValue(random)];
    if (random.chance(0.3)) return value.filter((_, index) => index !== at);
    return value.map((item, index) => (index === at ? nudge(random, item) : item));
  }
  if (isObject(value)) {
    const name = random.pick([...Object.keys(value), random.pick(NAMES) ?? 'a']) ?? 'a';
    const { [name]: old, ...rest } = value;
    if (random.chance(0.35)) return rest;
    return { ...rest, [name]: old === undefined || random.chance(0.3) ? anyValue(random) : nudge(random, old) };
  }
  return anyValue(random);
}

function anyValue(random: RandomStream): unknown {
  return random.pick(VALUES) ?? null;
}

const DEPTH_MAX = 6;

class Guesser {
  private readonly random: RandomStream;
  private readonly root: Schema;

  constructor(random: RandomStream, root: Schema) {
    this.random = random;
    this.root = root;
  }

  value(schema: Schema, depth: number): unknown {
    const { random } = this;
    const flat = this.flat(schema, 0);
    if (flat === undefined || depth > DEPTH_MAX) return anyValue(random);
    if (Array.isArray(flat.enum)) return random.pick(flat.enum) ?? null;
    if ('const' in flat) return flat.const;
    const types = Array.isArray(flat.type) ? flat.type : [flat.type ?? this.suggested(flat)];
    if (flat.nullable === true && random.chance(0.2)) return null;
    switch (random.pick(types)) {
      case 'null':
        return null;
      case 'boolean':
        return random.chance(0.5);
      case 'integer':
      case 'number':
        return this.number(flat);
      case 'string':
        return this.text(flat);
      case 'array':
        return this.array(flat, depth);
      case 'object':
        return this.object(flat, depth);
      default:
        return anyValue(random);
    }
  }

  /** One way through references and alternatives, everything on it thrown together. */
  private flat(schema: Schema, depth: number): SchemaObject | undefined {
    const { random } = this;
    if (typeof schema === 'boolean' || schema === undefined || depth > 8) return undefined;
    const more: Schema[] = [];
    if (typeof schema.$ref === 'string') more.push(resolve(this.root, schema.$ref) as Schema);
    if (Array.isArray(schema.allOf)) more.push(...(schema.allOf as Schema[]));
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = schema[keyword];
      if (Array.isArray(branches)) more.push((random.pick(branches) ?? true) as Schema);
    }
    if ('if' in schema) {
      if (random.chance(0.5)) more.push(schema.if as Schema, (schema.then ?? true) as Schema);
      else more.push((schema.else ?? true) as Schema);
    }
    let result: SchemaObject = schema;
    for (const each of more) result = merged(result, this.flat(each, depth + 1) ?? {});
    return result;
  }

  private suggested(flat: SchemaObject): string {
    const has = (...keywords: string[]) => keywords.some((keyword) => keyword in flat);
    if (this.random.chance(0.25))
      return this.random.pick(['null', 'string', 'number', 'array', 'object', 'boolean']) ?? 'null';
    if (
      has(
        'properties',
        'required',
        'patternProperties',
        'additionalProperties',
        'minProperties',
        'unevaluatedProperties',
      )
    )
      return 'object';
    if (has('items', 'prefixItems', 'contains', 'minItems', 'uniqueItems', 'unevaluatedItems')) return 'array';
    if (has('minLength', 'maxLength', 'pattern', 'format')) return 'string';
    return has('minimum', 'maximum', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum') ? 'number' : 'any';
  }

  private number(flat: SchemaObject): number {
    const { random } = this;
    const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].flatMap((keyword) =>
      typeof flat[keyword] === 'number' ? [flat[keyword]] : [],
    );
    const near =
      (random.pick(bounds) ?? random.between(-4, 13)) + (random.pick([0, 0, 1, -1, 0.5, -0.5, 0.25, 2, 1000]) ?? 0);
    const step = flat.type === 'integer' ? 1 : undefined;
    const multiple = typeof flat.multipleOf === 'number' ? flat.multipleOf : step;
    return multiple === undefined ? near : Math.round(near / multiple) * multiple;
  }

  private text(flat: SchemaObject): string {
    const { random } = this;
    if (typeof flat.format === 'string' && random.chance(0.8)) return textOfFormat(random, flat.format) ?? 'a';
    if (typeof flat.pattern === 'string' && random.chance(0.9)) {
      const text = textOfPattern(random, flat.pattern);
      if (text !== undefined) return text;
    }
    const lengths = [flat.minLength, flat.maxLength].filter((each) => typeof each === 'number');
    const length = Math.max(0, (random.pick(lengths) ?? random.between(0, 4)) + (random.pick([0, 0, 1, -1]) ?? 0));
    return Array.from({ length }, () => random.pick([...'aabbc12x']) ?? 'a').join('');
  }

  private array(flat: SchemaObject, depth: number): readonly unknown[] {
    const { random } = this;
    const min = typeof flat.minItems === 'number' ? flat.minItems : 0;
    const max = typeof flat.maxItems === 'number' ? flat.maxItems : min + 3;
    const tuple = (
      Array.isArray(flat.prefixItems) ? flat.prefixItems : Array.isArray(flat.items) ? flat.items : []
    ) as Schema[];
    const rest = (Array.isArray(flat.items) ? flat.additionalItems : flat.items) as Schema | undefined;
    const schemas = Array.from(
      { length: random.between(min, Math.max(min, Math.min(max, min + 3))) },
      (_, index) => tuple[index] ?? rest ?? (flat.contains as Schema | undefined) ?? true,
    );
    if (schemas.length > 0 && flat.contains !== undefined && random.chance(0.6))
      schemas[random.between(0, schemas.length - 1)] = flat.contains as Schema;
    return schemas.map((schema) => this.value(schema, depth + 1));
  }

  private object(flat: SchemaObject, depth: number): SchemaObject {
    const { random } = this;
    const properties = isObject(flat.properties) ? flat.properties : {};
    const required = Array.isArray(flat.required) ? (flat.required as string[]) : [];
    const patterns = isObject(flat.patternProperties) ? flat.patternProperties : {};
    const result: SchemaObject = {};
    const share = random.pick([0, 0.5, 1]) ?? 0.5;
    for (const name of Object.keys(properties))
      if (random.chance(share)) result[name] = this.value(properties[name] as Schema, depth + 1);
    for (const name of required)
      result[name] ??= this.value((properties[name] ?? flat.additionalProperties ?? true) as Schema, depth + 1);
    for (const pattern of Object.keys(patterns)) {
      const name = random.chance(0.5) ? textOfPattern(random, pattern) : undefined;
      if (name !== undefined) result[name] = this.value(patterns[pattern] as Schema, depth + 1);
    }
    if (flat.additionalProperties !== false && random.chance(0.3)) {
      const name = random.pick([...NAMES, 'extra', 'b1']) ?? 'extra';
      result[name] ??= this.value((flat.additionalProperties ?? true) as Schema, depth + 1);
    }
    return result;
  }
}

/** Both at once as far as a single object can say it. */
function merged(a: SchemaObject, b: SchemaObject): SchemaObject {
  const result = { ...a, ...b };
  for (const keyword of ['properties', 'patternProperties'])
    if (isObject(a[keyword]) && isObject(b[keyword])) result[keyword] = { ...a[keyword], ...b[keyword] };
  if (Array.isArray(a.required) && Array.isArray(b.required)) result.required = [...a.required, ...b.required];
  return result;
}
