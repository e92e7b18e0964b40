import type { RandomStream } from '../../../generator/schema/random.js';
import { isObject, placesIn } from './places.js';
import type { FuzzDialect, Schema, SchemaObject } from './random-schema.js';

/** The same schema, written differently: what a refactoring does, and no message can tell. */
export function rewrite(random: RandomStream, schema: Schema, dialect: FuzzDialect): Schema {
  if (typeof schema === 'boolean') return schema;
  let result: SchemaObject = structuredClone(schema);
  for (let change = random.between(1, 3); change > 0; change--) {
    const make = random.pick(REWRITES) ?? describe;
    result = make(result, random, dialect);
  }
  return result;
}

type Rewrite = (root: SchemaObject, random: RandomStream, dialect: FuzzDialect) => SchemaObject;

const shuffle: Rewrite = (root, random) => shuffled(root, random) as SchemaObject;

function shuffled(value: unknown, random: RandomStream): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, random));
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const order = keys.map((key) => [random.next(), key] as const).sort((a, b) => a[0] - b[0]);
  return Object.fromEntries(order.map(([, key]) => [key, shuffled(value[key], random)]));
}

const describe: Rewrite = (root, random) =>
  changed(root, random, (schema) => ({
    ...schema,
    ...(random.chance(0.5) ? { description: 'Said in passing.' } : { title: 'Thing' }),
    ...(random.chance(0.5) ? { examples: [1] } : { default: 'a' }),
  }));

/** In older drafts and in OpenAPI nothing counts beside a reference. */
const standsAlone = (schema: SchemaObject) => '$ref' in schema;
const evaluates = (text: string) => text.includes('unevaluated');

const wrap: Rewrite = (root, random) =>
  changed(root, random, (schema) => ({ [random.pick(['allOf', 'anyOf']) ?? 'allOf']: [schema] }));

const flatten: Rewrite = (root, random) =>
  changed(root, random, (schema) => {
    const [only, ...others] = Array.isArray(schema.allOf) ? (schema.allOf as Schema[]) : [];
    if (!isObject(only) || others.length > 0 || standsAlone(only)) return schema;
    const { allOf: _, ...rest } = schema;
    // Words that speak about their neighbours mean something else among new ones.
    const near =
      /additional|unevaluated|items|Items|contains|Contains|if|then|else|nullable|exclusive|imum|properties|Properties/;
    const clash = Object.keys(only).some((key) => key in rest || near.test(key));
    return clash || Object.keys(rest).some((key) => near.test(key)) ? schema : { ...rest, ...only };
  });

const listType: Rewrite = (root, random, dialect) =>
  changed(root, random, (schema) => {
    if (dialect === 'openapi-3.0' || schema.type === undefined) return schema;
    if (!Array.isArray(schema.type)) return { ...schema, type: [schema.type] };
    return schema.type.length === 1 ? { ...schema, type: schema.type[0] } : schema;
  });

const listConst: Rewrite = (root, random, dialect) =>
  changed(root, random, (schema) => {
    const { const: value, ...rest } = schema;
    if ('const' in schema && !('enum' in schema)) return { ...rest, enum: [value] };
    const { enum: values, ...others } = schema;
    const isOne = Array.isArray(values) && values.length === 1 && !('const' in schema) && dialect !== 'openapi-3.0';
    return isOne ? { ...others, const: values[0] } : schema;
  });

const definitionsOf = (root: SchemaObject) => ('$defs' in root ? '$defs' : 'definitions');

const rename: Rewrite = (root) => {
  const keyword = definitionsOf(root);
  const definitions = root[keyword];
  if (!isObject(definitions)) return root;
  const text = JSON.stringify({ ...root, [keyword]: undefined, rest: definitions }).replaceAll(
    new RegExp(`"#/${keyword.replace('$', '\\$')}/(\\w+)"`, 'g'),
    (_, name: string) => `"#/${keyword}/${name}Renamed"`,
  );
  const { rest, ...others } = JSON.parse(text) as SchemaObject & { rest: SchemaObject };
  return {
    ...others,
    [keyword]: Object.fromEntries(Object.entries(rest).map(([name, each]) => [`${name}Renamed`, each])),
  };
};

/** Some inline schema becomes a definition. */
const extract: Rewrite = (root, random, dialect) => {
  const keyword = dialect === 'draft-07' || dialect === 'openapi-3.0' ? 'definitions' : '$defs';
  const place = random.pick(placesIn(root).filter(({ schema }) => isObject(schema)));
  const before = isObject(root[keyword]) ? root[keyword] : {};
  if (!place || 'Extracted' in before) return root;
  place.replace({ $ref: `#/${keyword}/Extracted` });
  return { ...root, [keyword]: { ...before, Extracted: place.schema } };
};

/** References to a definition are replaced by what it says, as far as that does not refer to itself. */
const inline: Rewrite = (root, random) => {
  const keyword = definitionsOf(root);
  const definitions = root[keyword];
  const name = isObject(definitions) ? random.pick(Object.keys(definitions)) : undefined;
  const target = isObject(definitions) && name !== undefined ? definitions[name] : undefined;
  const reference = `#/${keyword}/${name}`;
  if (target === undefined || JSON.stringify(target).includes(`"${reference}"`)) return root;
  for (const place of placesIn(root)) {
    if (!isObject(place.schema) || place.schema.$ref !== reference || Object.keys(place.schema).length > 1) continue;
    place.replace(structuredClone(target) as Schema);
  }
  return root;
};

const REWRITES: readonly Rewrite[] = [shuffle, describe, wrap, flatten, listType, listConst, rename, extract, inline];

/** Some schemas within changed, and perhaps the whole; never one that is only a reference. */
function changed(
  root: SchemaObject,
  random: RandomStream,
  change: (schema: SchemaObject) => SchemaObject,
): SchemaObject {
  for (const { schema, replace } of [...placesIn(root)].reverse()) {
    if (!isObject(schema) || standsAlone(schema) || !random.chance(0.3)) continue;
    replace(change(schema));
  }
  const keyword = definitionsOf(root);
  const { [keyword]: definitions, ...rest } = root;
  const whole = random.chance(0.5) && !standsAlone(rest) && !evaluates(JSON.stringify(rest)) ? change(rest) : rest;
  return definitions === undefined ? whole : { ...whole, [keyword]: definitions };
}
