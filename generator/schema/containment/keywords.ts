import { knowsKeyword } from '../dialect.js';
import { exactlyOne } from './exactly-one.js';
import { formatFormula } from './formats.js';
import { BIT, type Formula } from './formula.js';
import type { Formulas } from './formulas.js';
import { isMapping, TYPE_NAMES } from './json.js';
import { patternOf, undeclared } from './names.js';
import type { SchemaReader } from './reading.js';
import type { Spot } from './references.js';
import { unevaluatedItems, unevaluatedProperties } from './unevaluated.js';

type Raw = Readonly<Record<string, unknown>>;
/** What a keyword says; undefined when its value means nothing there. */
type Keyword = (reader: SchemaReader, spot: Spot, value: unknown, raw: Raw) => Formula | undefined;

/** What each keyword of a schema asserts. Keywords that the dialect does not know assert nothing. */
export function assertionsOf(reader: SchemaReader, spot: Spot, raw: Raw): readonly Formula[] {
  const { dialect } = spot.place.resource;
  const formulas: Formula[] = [];
  for (const name of Object.keys(raw)) {
    const keyword = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined;
    if (keyword === undefined || raw[name] === undefined || !knowsKeyword(dialect, name)) continue;
    formulas.push(
      keyword(reader, spot, raw[name], raw) ??
        reader.formulas.opaque(`"${name}" at "${spot.place.pointer}" has a value that means nothing there`),
    );
  }
  const said = reader.formulas.and(formulas);
  // OpenAPI 3.0; validators read it beside a type in every draft.
  if (raw.nullable !== true || raw.type !== undefined) return [said];
  return dialect === 'openapi-3.0' ? [reader.formulas.or([said, reader.formulas.type(BIT.null)])] : [said];
}

const isSchema = (value: unknown): boolean => typeof value === 'boolean' || isMapping(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const count =
  (of: 'string' | 'array' | 'object', side: 'min' | 'max'): Keyword =>
  ({ formulas }, _spot, value) =>
    isCount(value) ? formulas.length(of, side, value) : undefined;

const bound =
  (side: 'min' | 'max', flag: 'exclusiveMinimum' | 'exclusiveMaximum'): Keyword =>
  ({ formulas }, _spot, value, raw) =>
    isNumber(value) ? formulas.bound(side, value, raw[flag] === true) : undefined;

const exclusive =
  (side: 'min' | 'max'): Keyword =>
  ({ formulas }, _spot, value) => {
    // Up to draft-04 a flag beside the bound, which the bound itself takes into account.
    if (typeof value === 'boolean') return formulas.true;
    return isNumber(value) ? formulas.bound(side, value, true) : undefined;
  };

const branches =
  (name: string, join: (formulas: Formulas, parts: readonly Formula[]) => Formula): Keyword =>
  (reader, spot, value) =>
    Array.isArray(value) && value.length > 0 && value.every(isSchema)
      ? join(
          reader.formulas,
          value.map((_, index) => reader.part(spot, name, index)),
        )
      : undefined;

const items: Keyword = (reader, spot, value, raw) => {
  const { formulas } = reader;
  if (!Array.isArray(value)) {
    if (!isSchema(value)) return undefined;
    const from =
      Array.isArray(raw.prefixItems) && knowsKeyword(spot.place.resource.dialect, 'prefixItems')
        ? raw.prefixItems.length
        : 0;
    return formulas.items(from, reader.part(spot, 'items'));
  }
  if (!value.every(isSchema)) return undefined;
  const tuple = value.map((_, index) => formulas.item(index, reader.part(spot, 'items', index)));
  if (isSchema(raw.additionalItems)) tuple.push(formulas.items(value.length, reader.part(spot, 'additionalItems')));
  return formulas.and(tuple);
};

const contains: Keyword = (reader, spot, value, raw) => {
  const { formulas } = reader;
  if (!isSchema(value)) return undefined;
  // Ajv takes an empty array for a good one after another good one, when it goes through a list.
  reader.misjudged();
  const schema = reader.part(spot, 'contains');
  const counts = knowsKeyword(spot.place.resource.dialect, 'minContains');
  const min = counts ? (raw.minContains ?? 1) : 1;
  const max = counts ? raw.maxContains : undefined;
  if (!isCount(min) || !(max === undefined || isCount(max))) return undefined;
  const least = formulas.counted(0, schema, 'min', min);
  const said = max === undefined ? least : formulas.and([least, formulas.counted(0, schema, 'max', max)]);
  const tuple = tupleLength(spot, raw);
  if (tuple === 0) return said;
  reader.doubt('contains');
  return reader.reading.contains === 'always' ? said : formulas.or([formulas.length('array', 'max', tuple - 1), said]);
};

/** How many items a tuple says something about. */
function tupleLength(spot: Spot, raw: Raw): number {
  const tuple = knowsKeyword(spot.place.resource.dialect, 'prefixItems') ? raw.prefixItems : raw.items;
  if (!Array.isArray(tuple)) return 0;
  return tuple.findLastIndex((each) => each !== true && !(isMapping(each) && Object.keys(each).length === 0)) + 1;
}

const additionalProperties: Keyword = (reader, spot, value, raw) =>
  isSchema(value)
    ? reader.formulas.each(undeclared(reader.formulas, raw), reader.part(spot, 'additionalProperties'))
    : undefined;

const dependencies =
  (keyword: 'dependencies' | 'dependentRequired' | 'dependentSchemas'): Keyword =>
  (reader, spot, value) => {
    const { formulas } = reader;
    if (!isMapping(value)) return undefined;
    return formulas.and(
      Object.keys(value).map((name) => {
        const needs = value[name];
        const then = Array.isArray(needs)
          ? formulas.and(needs.filter(isText).map((each) => formulas.present(each)))
          : isSchema(needs)
            ? reader.part(spot, keyword, name)
            : formulas.opaque(`"${keyword}" of "${name}"`);
        return formulas.or([formulas.present(name, false), then]);
      }),
    );
  };

function typesOf({ formulas }: SchemaReader, value: unknown, raw: Raw): Formula | undefined {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  let mask = raw.nullable === true ? BIT.null : 0;
  for (const name of names) {
    const type = name === 'integer' ? 'number' : TYPE_NAMES.find((each) => each === name);
    if (type === undefined) return undefined;
    mask |= BIT[type];
  }
  const whole = names.includes('integer') && !names.includes('number');
  return formulas.and([formulas.type(mask), ...(whole ? [formulas.multiple(1)] : [])]);
}

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  type: (reader, _spot, value, raw) => typesOf(reader, value, raw),
  enum: ({ formulas }, _spot, value) => (Array.isArray(value) ? formulas.values(value) : undefined),
  const: ({ formulas }, _spot, value) => formulas.values([value]),
  minimum: bound('min', 'exclusiveMinimum'),
  maximum: bound('max', 'exclusiveMaximum'),
  exclusiveMinimum: exclusive('min'),
  exclusiveMaximum: exclusive('max'),
  multipleOf: (reader, _spot, value) => {
    if (!isNumber(value) || value <= 0) return undefined;
    // Validators divide binary fractions: to them 0.57 is a multiple of 0.03 and not of 0.01.
    if (!Number.isInteger(value)) reader.misjudged();
    return reader.formulas.multiple(value);
  },
  minLength: count('string', 'min'),
  maxLength: count('string', 'max'),
  pattern: ({ formulas }, _spot, value) => (isText(value) ? patternOf(formulas, value) : undefined),
  format: ({ formulas }, _spot, value) => (isText(value) ? formatFormula(formulas, value) : undefined),
  items,
  prefixItems: (reader, spot, value) =>
    Array.isArray(value) && value.every(isSchema)
      ? reader.formulas.and(
          value.map((_, index) => reader.formulas.item(index, reader.part(spot, 'prefixItems', index))),
        )
      : undefined,
  contains,
  minItems: count('array', 'min'),
  maxItems: count('array', 'max'),
  uniqueItems: ({ formulas }, _spot, value) =>
    typeof value === 'boolean' ? (value ? formulas.unique() : formulas.true) : undefined,
  unevaluatedItems: (reader, spot, value) => (isSchema(value) ? unevaluatedItems(reader, spot) : undefined),
  properties: (reader, spot, value) =>
    isMapping(value)
      ? reader.formulas.and(
          Object.keys(value).map((name) => reader.formulas.property(name, reader.part(spot, 'properties', name))),
        )
      : undefined,
  patternProperties: (reader, spot, value) =>
    isMapping(value)
      ? reader.formulas.and(
          Object.keys(value).map((source) =>
            reader.formulas.each(patternOf(reader.formulas, source), reader.part(spot, 'patternProperties', source)),
          ),
        )
      : undefined,
  additionalProperties,
  propertyNames: (reader, spot, value) =>
    isSchema(value)
      ? reader.formulas.each(reader.formulas.not(reader.part(spot, 'propertyNames')), reader.formulas.false)
      : undefined,
  required: ({ formulas }, _spot, value) => {
    // A flag on the property itself is how draft-03 wrote it; nobody reads it any more.
    if (typeof value === 'boolean') return formulas.true;
    return Array.isArray(value) && value.every(isText)
      ? formulas.and(value.map((name) => formulas.present(name)))
      : undefined;
  },
  minProperties: count('object', 'min'),
  maxProperties: count('object', 'max'),
  dependentRequired: dependencies('dependentRequired'),
  dependentSchemas: dependencies('dependentSchemas'),
  dependencies: dependencies('dependencies'),
  unevaluatedProperties: (reader, spot, value) => (isSchema(value) ? unevaluatedProperties(reader, spot) : undefined),
  allOf: branches('allOf', (formulas, parts) => formulas.and(parts)),
  anyOf: branches('anyOf', (formulas, parts) => formulas.or(parts)),
  oneOf: branches('oneOf', exactlyOne),
  not: (reader, spot, value) => (isSchema(value) ? reader.formulas.not(reader.part(spot, 'not')) : undefined),
  if: (reader, spot, value, raw) => {
    const { formulas } = reader;
    if (!isSchema(value)) return undefined;
    if (raw.then === undefined && raw.else === undefined) return formulas.true;
    const premise = reader.part(spot, 'if');
    return formulas.and([
      raw.then === undefined ? formulas.true : formulas.implies(premise, reader.part(spot, 'then')),
      raw.else === undefined ? formulas.true : formulas.or([premise, reader.part(spot, 'else')]),
    ]);
  },
};
