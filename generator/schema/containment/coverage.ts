import { knowsKeyword } from '../dialect.js';
import type { Formula } from './formula.js';
import { isMapping } from './json.js';
import { patternOf, undeclared } from './names.js';
import type { SchemaReader } from './reading.js';
import { linksOf, type Spot } from './references.js';

/**
 * One way in which a schema may hold, and what it has then evaluated: `unevaluated...` looks at the rest. `when` must hold for it; a way with fewer
 * conditions evaluates less, so that some way whose conditions hold always evaluates all that is evaluated.
 */
export interface Way {
  readonly when: readonly Formula[];
  readonly names: ReadonlyMap<string, readonly Spot[]>;
  /** By names formula: pattern properties. */
  readonly patterns: readonly { readonly names: Formula; readonly spot: Spot }[];
  /** Every further property is evaluated. */
  readonly rest: boolean;
  /** Schemas of the further properties. */
  readonly further: readonly { readonly names: Formula; readonly spot: Spot }[];
  /** By index. */
  readonly items: ReadonlyMap<number, readonly Spot[]>;
  /** Schemas of the items after those. */
  readonly tail: readonly { readonly from: number; readonly spot: Spot }[];
  /** Every item from here on is evaluated by its place. */
  readonly itemsFrom: number;
  /** Items that match one of these are evaluated. */
  readonly matching: readonly Formula[];
}

const NOTHING: Way = {
  when: [],
  names: new Map(),
  patterns: [],
  rest: false,
  further: [],
  items: new Map(),
  tail: [],
  itemsFrom: Number.POSITIVE_INFINITY,
  matching: [],
};

const WAYS_MAX = 128;
const DEPTH_MAX = 40;

export interface CoverageOptions {
  /** `additionalProperties: true` declares nothing: what a writer may send beyond its contract is not part of it. */
  readonly declaredOnly: boolean;
  /** Leave out this keyword of the schema itself. */
  readonly without?: 'unevaluatedProperties' | 'unevaluatedItems';
}

/** The ways in which the schemas at these spots can hold together; undefined when there are too many. */
export function waysOf(
  reader: SchemaReader,
  spots: readonly Spot[],
  options: CoverageOptions,
): readonly Way[] | undefined {
  let ways: readonly Way[] | undefined = [NOTHING];
  for (const spot of spots) ways = together(ways, ways && waysOfOne(reader, spot, options, 0));
  return ways;
}

type Ways = readonly Way[] | undefined;

function waysOfOne(reader: SchemaReader, spot: Spot, options: CoverageOptions, depth: number): Ways {
  const { value } = spot.place;
  if (!isMapping(value)) return [NOTHING];
  if (depth > DEPTH_MAX) return undefined;
  const inner = (target: Spot): Ways => waysOfOne(reader, target, { declaredOnly: options.declaredOnly }, depth + 1);
  const at = (...keys: readonly (string | number)[]): Spot => reader.spotOf(spot, ...keys);
  const when = (condition: Formula, ways: Ways): Ways =>
    ways?.map((way) => ({ ...way, when: [condition, ...way.when] }));
  const knows = (keyword: string): boolean =>
    value[keyword] !== undefined && knowsKeyword(spot.place.resource.dialect, keyword);
  let ways: Ways = [NOTHING];
  for (const { target } of linksOf(reader.resources, spot)) if (target) ways = together(ways, inner(target));
  if (reader.refersOnly(spot)) return ways;
  ways = together(ways, [own(reader, spot, value, options, knows)]);
  const { formulas } = reader;
  if (Array.isArray(value.allOf))
    for (const index of value.allOf.keys()) ways = together(ways, inner(at('allOf', index)));
  if (Array.isArray(value.anyOf))
    for (const index of value.anyOf.keys()) {
      const branch = inner(at('anyOf', index));
      if (branch?.every(isNothing)) continue;
      ways = together(ways, branch && [NOTHING, ...(when(reader.part(spot, 'anyOf', index), branch) ?? [])]);
    }
  if (Array.isArray(value.oneOf)) {
    const branches = [...value.oneOf.keys()].map((index) =>
      when(reader.part(spot, 'oneOf', index), inner(at('oneOf', index))),
    );
    ways = together(ways, branches.includes(undefined) ? undefined : branches.flatMap((each) => each ?? []));
  }
  if (knows('if')) {
    const premise = reader.part(spot, 'if');
    const positive = together(inner(at('if')), knows('then') ? inner(at('then')) : [NOTHING]);
    const negative = knows('else') ? inner(at('else')) : [NOTHING];
    const [yes, no] = [when(premise, positive), when(formulas.not(premise), negative)];
    ways = together(ways, yes && no && [...yes, ...no]);
  }
  for (const keyword of ['dependentSchemas', 'dependencies'])
    if (isMapping(value[keyword]) && knows(keyword))
      for (const name of Object.keys(value[keyword])) {
        const needed = when(formulas.not(formulas.present(name, false)), inner(at(keyword, name)));
        ways = together(ways, needed && [NOTHING, ...needed]);
      }
  return ways;
}

/** What the keywords of the schema itself evaluate, whatever the value. */
function own(
  reader: SchemaReader,
  spot: Spot,
  value: Readonly<Record<string, unknown>>,
  { declaredOnly, without }: CoverageOptions,
  knows: (keyword: string) => boolean,
): Way {
  const at = (...keys: readonly (string | number)[]): Spot => reader.spotOf(spot, ...keys);
  const names = isMapping(value.properties) ? Object.keys(value.properties) : [];
  const patterns = isMapping(value.patternProperties) ? Object.keys(value.patternProperties) : [];
  const rest = ['additionalProperties', 'unevaluatedProperties'].some(
    (keyword) =>
      keyword !== without && knows(keyword) && !(declaredOnly && (value[keyword] === true || isEmpty(value[keyword]))),
  );
  const tuple = knows('prefixItems') ? 'prefixItems' : Array.isArray(value.items) ? 'items' : undefined;
  const length = tuple === undefined ? 0 : (value[tuple] as readonly unknown[]).length;
  const single = value.items !== undefined && !Array.isArray(value.items) ? 'items' : undefined;
  const tail = single ?? (tuple === 'items' && value.additionalItems !== undefined ? 'additionalItems' : undefined);
  const all = tail !== undefined || (without !== 'unevaluatedItems' && knows('unevaluatedItems'));
  const matches = value.contains !== undefined && spot.place.resource.dialect !== '2019-09';
  const prefix = tuple === undefined ? [] : [...Array(length).keys()];
  return {
    ...NOTHING,
    names: new Map(names.map((name) => [name, [at('properties', name)]])),
    patterns: patterns.map((source) => ({
      names: patternOf(reader.formulas, source),
      spot: at('patternProperties', source),
    })),
    rest,
    further:
      rest && isMapping(value.additionalProperties)
        ? [{ names: undeclared(reader.formulas, value), spot: at('additionalProperties') }]
        : [],
    items: new Map(tuple === undefined ? [] : prefix.map((index) => [index, [at(tuple, index)]])),
    tail: tail === undefined ? [] : [{ from: length, spot: at(tail) }],
    itemsFrom:
      all || (value.contains !== undefined && reader.reading.items === 'generous') ? 0 : Number.POSITIVE_INFINITY,
    matching: matches ? [reader.part(spot, 'contains')] : [],
  };
}

/** All ways as one, without their conditions. */
export function anyOfThem(ways: readonly Way[]): Way {
  return { ...ways.reduce(merge, NOTHING), when: [] };
}

function together(left: Ways, right: Ways): Ways {
  if (left === undefined || right === undefined || left.length * right.length > WAYS_MAX) return undefined;
  return left.flatMap((a) => right.map((b) => (isNothing(b) ? a : isNothing(a) ? b : merge(a, b))));
}

function merge(a: Way, b: Way): Way {
  return {
    when: [...a.when, ...b.when],
    names: mergeSpots(a.names, b.names),
    patterns: [...a.patterns, ...b.patterns],
    rest: a.rest || b.rest,
    further: [...a.further, ...b.further],
    items: mergeSpots(a.items, b.items),
    tail: [...a.tail, ...b.tail],
    itemsFrom: Math.min(a.itemsFrom, b.itemsFrom),
    matching: [...a.matching, ...b.matching],
  };
}

function mergeSpots<K>(
  a: ReadonlyMap<K, readonly Spot[]>,
  b: ReadonlyMap<K, readonly Spot[]>,
): ReadonlyMap<K, readonly Spot[]> {
  const merged = new Map(a);
  for (const [key, spots] of b) merged.set(key, [...(merged.get(key) ?? []), ...spots]);
  return merged;
}

/** Evaluates nothing and asks nothing. */
function isNothing(way: Way): boolean {
  return (
    way.when.length === 0 &&
    way.names.size === 0 &&
    way.patterns.length === 0 &&
    !way.rest &&
    way.tail.length === 0 &&
    way.items.size === 0 &&
    way.itemsFrom === Number.POSITIVE_INFINITY &&
    way.matching.length === 0
  );
}

function isEmpty(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length === 0;
}
