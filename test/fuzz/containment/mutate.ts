import type { RandomStream } from '../../../generator/schema/random.js';
import { isObject, placesIn } from './places.js';
import { type FuzzDialect, NAMES, randomPart, type Schema, type SchemaObject, VALUES } from './random-schema.js';

/** The same schema after one to three small edits, as a pull request makes them. */
export function mutate(random: RandomStream, schema: Schema, dialect: FuzzDialect): Schema {
  let result: Schema = structuredClone(schema);
  for (let edit = random.between(1, 3); edit > 0; edit--) {
    const place = typeof result === 'boolean' ? undefined : random.pick([undefined, ...placesIn(result)]);
    if (place) place.replace(edited(random, place.schema, dialect));
    else result = editedWhole(random, result, dialect);
  }
  return result;
}

/** Definitions stay at the top, where references look for them. */
function editedWhole(random: RandomStream, whole: Schema, dialect: FuzzDialect): Schema {
  if (typeof whole === 'boolean') return edited(random, whole, dialect);
  const { $defs, definitions, ...rest } = whole;
  const result = edited(random, rest, dialect);
  if (typeof result === 'boolean') return result;
  return {
    ...result,
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
  };
}

function edited(random: RandomStream, schema: Schema, dialect: FuzzDialect): Schema {
  const isOpenApi = dialect === 'openapi-3.0';
  if (typeof schema === 'boolean') return random.chance(0.5) && !isOpenApi ? !schema : randomPart(random, dialect);
  if ('$ref' in schema) return random.chance(0.5) ? { anyOf: [schema, randomPart(random, dialect)] } : schema;
  const keyword = random.pick(Object.keys(schema));
  switch (random.between(0, 9)) {
    case 0:
    case 1:
    case 2:
      return keyword === undefined ? schema : { ...schema, ...nudged(random, keyword, schema[keyword], dialect) };
    case 3:
      return keyword === undefined || isOpenApi ? schema : without(schema, keyword);
    case 4: {
      // What another schema of the same kind would say besides.
      const other = randomPart(random, dialect, 1);
      if (!isObject(other) || '$ref' in other) return schema;
      if (isOpenApi && other.type !== schema.type) return schema;
      return { ...other, ...schema };
    }
    case 5:
      return {
        [random.pick(['anyOf', 'oneOf', 'allOf']) ?? 'anyOf']: random.chance(0.5)
          ? [schema, randomPart(random, dialect)]
          : [schema],
      };
    case 6: {
      const properties = isObject(schema.properties) ? schema.properties : {};
      const name = random.pick(NAMES) ?? 'a';
      return schema.type !== 'object'
        ? schema
        : { ...schema, properties: { ...properties, [name]: randomPart(random, dialect) } };
    }
    case 7: {
      const required = Array.isArray(schema.required) ? schema.required : [];
      const name = random.pick(NAMES) ?? 'a';
      const changed = required.includes(name) ? required.filter((each) => each !== name) : [...required, name];
      return schema.type === 'object' ? { ...schema, required: changed } : schema;
    }
    case 8:
      if (schema.type === 'object')
        return { ...schema, additionalProperties: random.chance(0.6) ? false : randomPart(random, dialect) };
      return isOpenApi
        ? schema
        : { ...schema, type: random.pick(['string', 'number', 'integer', 'object', 'array', 'null']) };
    default:
      return randomPart(random, dialect, 2);
  }
}

/** A keyword with a value close to the one it had. */
function nudged(random: RandomStream, keyword: string, value: unknown, dialect: FuzzDialect): SchemaObject {
  if (typeof value === 'number') {
    const changed = value + (random.pick([-1, 1, 2]) ?? 1);
    const isCount = /^(min|max)(Length|Items|Properties|Contains)$/.test(keyword);
    if (keyword === 'multipleOf') return { multipleOf: value * (random.pick([2, 3, 0.5]) ?? 2) };
    return { [keyword]: isCount ? Math.max(0, changed) : changed };
  }
  if (keyword === 'enum' && Array.isArray(value)) {
    const added = [...value, random.pick(VALUES) ?? null];
    const changed = random.chance(0.5) && value.length > 1 ? value.slice(1) : added;
    return { enum: [...new Map(changed.map((each) => [JSON.stringify(each), each])).values()] };
  }
  if (keyword === 'type' && (value === 'integer' || value === 'number'))
    return { type: value === 'integer' ? 'number' : 'integer' };
  if (keyword === 'type' && typeof value === 'string' && dialect !== 'openapi-3.0')
    return { type: [...new Set([value, 'null'])] };
  if ((keyword === 'anyOf' || keyword === 'oneOf') && Array.isArray(value)) {
    if (value.length > 1 && random.chance(0.5)) return { [keyword]: value.slice(1) };
    return { [keyword]: [...value, randomPart(random, dialect)] };
  }
  if (typeof value === 'boolean' && /^(exclusive|unique)/.test(keyword)) return { [keyword]: !value };
  if (isObject(value) && (keyword === 'dependentSchemas' || keyword === 'dependencies'))
    return { [keyword]: { ...value, [random.pick(NAMES) ?? 'a']: { required: ['b'] } } };
  if (isObject(value) && keyword === 'dependentRequired') return { dependentRequired: { ...value, a: ['b'] } };
  if (keyword === 'pattern') return { pattern: random.pick(['^a', '^[ab]+$', 'b', '^\\w*$', '^[a-z]{1,3}$']) };
  return {};
}

function without(schema: SchemaObject, keyword: string): SchemaObject {
  const { [keyword]: _, ...rest } = schema;
  return rest;
}
