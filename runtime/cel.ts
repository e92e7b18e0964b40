import { equal } from './validation.js';

/**
 * What generated predicates call: CEL's functions on JSON values. `undefined` stands for a value that could not be had; every function gives
 * `undefined` (or false, or NaN where the result is compared) for operands it is not made for, and never throws.
 */
export const cel = {
  same,
  differs,
  compare,
  isIn,
  item,
  list,
  map,
  plus,
  minus,
  times,
  divide,
  remainder,
  negate,
  size,
  sum,
  startsWith,
  endsWith,
  contains,
  matches,
  every,
  some,
  one,
  filter,
  transform,
} as const;

function same(a: unknown, b: unknown): boolean {
  return a !== undefined && b !== undefined && equal(a, b);
}

function differs(a: unknown, b: unknown): boolean {
  return a !== undefined && b !== undefined && !equal(a, b);
}

/** Negative, zero or positive; NaN, which is in no order to anything, when the two have no order. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Number.NaN;
}

/** Item of a list, key of a map, part of a text. */
function isIn(value: unknown, container: unknown): boolean | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(container)) return container.some((each) => equal(each, value));
  if (typeof container === 'string') return typeof value === 'string' ? container.includes(value) : undefined;
  if (typeof container !== 'object' || container === null) return undefined;
  return typeof value === 'string' && Object.hasOwn(container, value);
}

function item(container: unknown, key: unknown): unknown {
  if (Array.isArray(container)) return typeof key === 'number' ? container[key] : undefined;
  if (typeof container !== 'object' || container === null || typeof key !== 'string') return undefined;
  return Object.hasOwn(container, key) ? (container as Readonly<Record<string, unknown>>)[key] : undefined;
}

function list(items: readonly unknown[]): readonly unknown[] | undefined {
  return items.includes(undefined) ? undefined : items;
}

function map(entries: readonly (readonly [unknown, unknown])[]): unknown {
  const pairs: (readonly [string, unknown])[] = [];
  for (const [key, value] of entries) {
    if (typeof key !== 'string' || value === undefined) return undefined;
    pairs.push([key, value]);
  }
  return Object.fromEntries(pairs);
}

function plus(a: unknown, b: unknown): unknown {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  return numbers(a, b, (x, y) => x + y);
}

function minus(a: unknown, b: unknown): unknown {
  return numbers(a, b, (x, y) => x - y);
}

function times(a: unknown, b: unknown): unknown {
  return numbers(a, b, (x, y) => x * y);
}

/** Between integers the result is an integer, as in CEL. */
function divide(a: unknown, b: unknown): unknown {
  return numbers(a, b, (x, y) => {
    if (!Number.isInteger(x) || !Number.isInteger(y)) return x / y;
    return y === 0 ? undefined : Math.trunc(x / y);
  });
}

function remainder(a: unknown, b: unknown): unknown {
  return numbers(a, b, (x, y) => (Number.isInteger(x) && Number.isInteger(y) && y !== 0 ? x % y : undefined));
}

function negate(a: unknown): unknown {
  return typeof a === 'number' ? -a : undefined;
}

function numbers(a: unknown, b: unknown, apply: (x: number, y: number) => number | undefined): number | undefined {
  return typeof a === 'number' && typeof b === 'number' ? apply(a, b) : undefined;
}

/** Of a text in code points. */
function size(value: unknown): number | undefined {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

function sum(value: unknown): number | undefined {
  if (!Array.isArray(value)) return undefined;
  let total = 0;
  for (const each of value) {
    if (typeof each !== 'number') return undefined;
    total += each;
  }
  return total;
}

function startsWith(text: unknown, part: unknown): boolean | undefined {
  return typeof text === 'string' && typeof part === 'string' ? text.startsWith(part) : undefined;
}

function endsWith(text: unknown, part: unknown): boolean | undefined {
  return typeof text === 'string' && typeof part === 'string' ? text.endsWith(part) : undefined;
}

function contains(text: unknown, part: unknown): boolean | undefined {
  return typeof text === 'string' && typeof part === 'string' ? text.includes(part) : undefined;
}

const patterns = new Map<string, RegExp | undefined>();

function matches(text: unknown, pattern: unknown): boolean | undefined {
  if (typeof text !== 'string' || typeof pattern !== 'string') return undefined;
  if (!patterns.has(pattern)) {
    // Patterns stand in contracts, so there are few; one that comes out of data must not fill the memory.
    if (patterns.size > 1000) patterns.clear();
    patterns.set(pattern, compiled(pattern));
  }
  return patterns.get(pattern)?.test(text);
}

function compiled(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
}

type Test = (item: unknown) => boolean | undefined;

function every(value: unknown, test: Test): boolean {
  return itemsOf(value)?.every((each) => test(each) === true) ?? false;
}

function some(value: unknown, test: Test): boolean {
  return itemsOf(value)?.some((each) => test(each) === true) ?? false;
}

/** Exactly one; undecided when the test fails for any. */
function one(value: unknown, test: (item: unknown) => unknown): boolean | undefined {
  const kept = filter(value, test);
  return kept && kept.length === 1;
}

function filter(value: unknown, test: (item: unknown) => unknown): readonly unknown[] | undefined {
  const kept: unknown[] = [];
  const items = itemsOf(value);
  for (const each of items ?? []) {
    const verdict = test(each);
    if (typeof verdict !== 'boolean') return undefined;
    if (verdict) kept.push(each);
  }
  return items && kept;
}

function transform(value: unknown, make: (item: unknown) => unknown): readonly unknown[] | undefined {
  const items = itemsOf(value)?.map(make);
  return items && list(items);
}

/** Macros run over the items of a list and over the keys of a map. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.keys(value) : undefined;
}
