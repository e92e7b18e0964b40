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
  const coverage = new Coverage(reader, options.declaredOnly);
  return allTogether(spots.map((spot) => () => coverage.of(spot, options.without)));
}

type Ways = readonly Way[] | undefined;

class Coverage {
  private readonly reader: SchemaReader;
  private readonly declaredOnly: boolean;
  /** What is still open asks the same of the same value again, in which case nobody can count its ways. */
  private readonly known = new Map<string, Ways>();

  constructor(reader: SchemaReader, declaredOnly: boolean) {
    this.reader = reader;
    this.declaredOnly = declaredOnly;
  }

  /** `without`: a keyword of this schema that is left out. */
  of(spot: Spot, without?: CoverageOptions['without']): Ways {
    if (!isMapping(spot.place.value)) return [NOTHING];
    const key = `${without ?? ''} ${spot.place.key} ${spot.scope.key}`;
    if (this.known.has(key)) return this.known.get(key);
    this.known.set(key, undefined);
    const ways = allTogether(this.partsOf(spot, spot.place.value, without));
    this.known.set(key, ways);
    return ways;
  }

  /** What each part of a schema that looks at the same value contributes. */
  private *partsOf(
    spot: Spot,
    value: Readonly<Record<string, unknown>>,
    without: CoverageOptions['without'],
  ): Generator<() => Ways> {
    const { reader, declaredOnly } = this;
    const { formulas } = reader;
    const at = (...keys: readonly (string | number)[]): Spot => reader.spotOf(spot, ...keys);
    const knows = (keyword: string): boolean =>
      value[keyword] !== undefined && knowsKeyword(spot.place.resource.dialect, keyword);
    for (const { target } of linksOf(reader.resources, spot)) if (target) yield () => this.of(target);
    if (reader.refersOnly(spot)) return;
    yield () => [own(reader, spot, value, { declaredOnly, ...(without && { without }) }, knows)];
    for (const index of branchesOf(value.allOf)) yield () => this.of(at('allOf', index));
    for (const index of branchesOf(value.anyOf))
      yield () => {
        const branch = this.of(at('anyOf', index));
        if (branch?.every(isNothing)) return [NOTHING];
        return branch && [NOTHING, ...under(reader.part(spot, 'anyOf', index), branch)];
      };
    if (Array.isArray(value.oneOf))
      yield () =>
        anyOneOf(
          branchesOf(value.oneOf).map((index) => () => {
            const branch = this.of(at('oneOf', index));
            return branch && under(reader.part(spot, 'oneOf', index), branch);
          }),
        );
    if (knows('if'))
      yield () => {
        const premise = reader.part(spot, 'if');
        const positive = allTogether([() => this.of(at('if')), ...(knows('then') ? [() => this.of(at('then'))] : [])]);
        const negative = knows('else') ? this.of(at('else')) : [NOTHING];
        return positive && negative && [...under(premise, positive), ...under(formulas.not(premise), negative)];
      };
    for (const keyword of ['dependentSchemas', 'dependencies'])
      if (isMapping(value[keyword]) && knows(keyword))
        for (const name of Object.keys(value[keyword]))
          yield () => {
            const needed = this.of(at(keyword, name));
            return needed && [NOTHING, ...under(formulas.not(formulas.present(name, false)), needed)];
          };
  }
}

/** Ways that hold under a condition. */
function under(condition: Formula, ways: readonly Way[]): readonly Way[] {
  return ways.map((way) => ({ ...way, when: [condition, ...way.when] }));
}

function branchesOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? [...value.keys()] : [];
}

/** Every way of the one with every way of the other; no further part is looked at once there are too many. */
function allTogether(parts: Iterable<() => Ways>): Ways {
  let ways: Ways = [NOTHING];
  for (const part of parts) {
    ways = together(ways, part());
    if (ways === undefined) return undefined;
  }
  return ways;
}

function anyOneOf(branches: readonly (() => Ways)[]): Ways {
  const all: Way[] = [];
  for (const branch of branches) {
    const ways = branch();
    if (ways === undefined) return undefined;
    all.push(...ways);
  }
  return all;
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
