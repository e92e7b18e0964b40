import { compileSchema } from '../../../generator/schema/ajv.js';
import { isObject, placesIn } from './places.js';
import type { FuzzDialect, Schema, SchemaObject } from './random-schema.js';

/** What a validator of its own says about a value; undefined when it breaks down, or says now this and now that. */
export interface Oracle {
  /** With a schema as written, whatever number of errors is to be reported. */
  asWritten(value: unknown): boolean | undefined;
  /** Apart from known mistakes of the validator, too. */
  asMeant(value: unknown): boolean | undefined;
}

export function oracleOf(schema: Schema, dialect: FuzzDialect): Oracle {
  const written = dialect === 'openapi-3.0' ? asDraft7(schema) : schema;
  const target = dialect === 'openapi-3.0' ? 'draft-07' : dialect;
  const checksOf = (each: Schema) =>
    [false, true].map((allErrors) => compileSchema(each, { dialect: target, allErrors, optimize: false }));
  const plain = checksOf(written);
  const meant = JSON.stringify(written).includes('"contains"')
    ? [...plain, ...checksOf(containsApart(written))]
    : plain;
  const opinion = (checks: typeof plain, value: unknown): boolean | undefined => {
    try {
      const [first, ...others] = checks.map((check) => check(value).length === 0);
      return others.every((each) => each === first) ? first : undefined;
    } catch {
      return undefined;
    }
  };
  return { asWritten: (value) => opinion(plain, value), asMeant: (value) => opinion(meant, value) };
}

/** The same with each `contains` in a branch of its own: beside a tuple, Ajv skips it for arrays that end before the tuple does. */
function containsApart(schema: Schema): Schema {
  if (typeof schema === 'boolean') return schema;
  const whole = structuredClone(schema);
  for (const each of [whole, ...placesIn(whole).map((place) => place.schema)]) {
    if (!isObject(each) || each.contains === undefined) continue;
    const apart: SchemaObject = {};
    for (const keyword of ['contains', 'minContains', 'maxContains']) {
      if (each[keyword] !== undefined) apart[keyword] = each[keyword];
      delete each[keyword];
    }
    each.allOf = [...(Array.isArray(each.allOf) ? each.allOf : []), apart];
  }
  return whole;
}

/** OpenAPI 3.0 in the words of draft-07, apart from the normaliser: flags beside bounds, `nullable` beside `type`. */
function asDraft7(schema: Schema): Schema {
  if (typeof schema === 'boolean') return schema;
  const root: SchemaObject = { root: structuredClone(schema) };
  const whole = root.root as SchemaObject;
  for (const each of [whole, ...placesIn(whole).map((place) => place.schema)]) {
    if (!isObject(each)) continue;
    for (const side of ['Minimum', 'Maximum']) {
      const [flag, bound] = [`exclusive${side}`, side.toLowerCase()];
      const isExclusive = each[flag] === true;
      delete each[flag];
      if (!isExclusive || each[bound] === undefined) continue;
      each[flag] = each[bound];
      delete each[bound];
    }
    if (each.nullable === true) each.type = [each.type, 'null'];
    delete each.nullable;
  }
  return whole;
}
