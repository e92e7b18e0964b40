import { declaredDialect } from '../../schema/dialect.js';
import { canonicalJson } from '../../schema/edges.js';
import { resolverOf } from '../../schema/look-up.js';
import { escapeToken, type SchemaRef } from '../../schema/ref.js';
import type { SameSchemas, SchemaSide } from './schema-side.js';

type Mapping = Readonly<Record<string, unknown>>;

/** Words about a schema that no value can feel, and the shelves that references lead to. */
const silent = new Set([
  'title',
  'description',
  'summary',
  'example',
  'examples',
  '$comment',
  'externalDocs',
  'deprecated',
  'definitions',
  '$defs',
  'components',
]);

/** Keywords whose value is data. */
const data = new Set(['const', 'default']);

/** Keywords whose list is a set. */
const sets = new Set(['enum', 'required', 'type']);

/** Keywords whose keys are names that the author chose. */
const named = new Set(['properties', 'patternProperties', 'dependentSchemas', 'dependencies', 'dependentRequired']);

/** Where a value stands; its pointer is only needed where a reference is followed. */
interface Place {
  readonly file: string;
  pointer(): string;
}

/**
 * Compares two schemas as they are written, references followed on both sides at once. A pair of places that is met again is taken to be equal: what
 * would tell them apart is found elsewhere on the way.
 */
export function sameText(before: SchemaSide, after: SchemaSide, known: SameSchemas): boolean {
  const met = new Set<string>();
  const left = resolverOf(before.documents);
  const right = resolverOf(after.documents);

  function schema(a: unknown, b: unknown, at: Place, bt: Place): boolean {
    const one = follow(left, a, at);
    const two = follow(right, b, bt);
    if (one === undefined || two === undefined) return one === two && canonicalJson(a) === canonicalJson(b);
    // Only over references does a schema come to itself.
    if (one.at !== at || two.at !== bt) {
      const pair = `${one.at.file}#${one.at.pointer()} ${two.at.file}#${two.at.pointer()}`;
      if (met.has(pair) || known.has(pair)) return true;
      met.add(pair);
      if (dialectIn(before, one.at) !== dialectIn(after, two.at)) return false;
    }
    return node(one.value, two.value, one.at, two.at);
  }

  function node(a: unknown, b: unknown, at: Place, bt: Place): boolean {
    if (!isMapping(a) || !isMapping(b)) return canonicalJson(a) === canonicalJson(b);
    const keys = loud(a);
    const others = loud(b);
    if (keys.length !== others.length || keys.some((key, index) => key !== others[index])) return false;
    return keys.every((key) => keyword(key, a[key], b[key], at, bt));
  }

  function keyword(key: string, a: unknown, b: unknown, at: Place, bt: Place): boolean {
    if (key === '$ref') return referred(a, b, at, bt);
    if (data.has(key)) return canonicalJson(a) === canonicalJson(b);
    if (sets.has(key)) return canonicalJson(asSet(a)) === canonicalJson(asSet(b));
    if (named.has(key) && isMapping(a) && isMapping(b)) {
      const names = Object.keys(a);
      const [inA, inB] = [child(at, key), child(bt, key)];
      return (
        names.length === Object.keys(b).length &&
        names.every((name) => Object.hasOwn(b, name) && part(a[name], b[name], child(inA, name), child(inB, name)))
      );
    }
    return part(a, b, child(at, key), child(bt, key));
  }

  function part(a: unknown, b: unknown, at: Place, bt: Place): boolean {
    if (Array.isArray(a) && Array.isArray(b)) {
      return (
        a.length === b.length &&
        a.every((item, index) => part(item, b[index], child(at, String(index)), child(bt, String(index))))
      );
    }
    return isMapping(a) && isMapping(b) ? schema(a, b, at, bt) : canonicalJson(a) === canonicalJson(b);
  }

  /** References with constraints beside them: the targets are compared here, their neighbours as keywords. */
  function referred(a: unknown, b: unknown, at: Place, bt: Place): boolean {
    if (typeof a !== 'string' || typeof b !== 'string') return false;
    // Without its neighbours each is a pure reference.
    return schema({ $ref: a }, { $ref: b }, at, bt);
  }

  const one = left.at(before.ref);
  const two = right.at(after.ref);
  if (!one.ok || !two.ok) return one.ok === two.ok && before.ref.pointer === after.ref.pointer;
  const [at, bt] = [placeOf(one.ref), placeOf(two.ref)];
  const same = dialectIn(before, at) === dialectIn(after, bt) && schema(one.value, two.value, at, bt);
  if (same) for (const pair of met) known.add(pair);
  return same;
}

/** The schema that a pure reference leads to, or the value itself; undefined when references lead nowhere or in a circle. */
function follow(
  resolver: ReturnType<typeof resolverOf>,
  value: unknown,
  at: Place,
): { readonly value: unknown; readonly at: Place } | undefined {
  let found = { value, at };
  for (let hops = 0; hops < 50; hops++) {
    const { value: here } = found;
    if (!isMapping(here) || typeof here.$ref !== 'string' || loud(here).length > 1) return found;
    const next = resolver.resolve({ file: found.at.file, pointer: found.at.pointer() }, here.$ref);
    if (!next.ok) return undefined;
    found = { value: next.value, at: placeOf(next.ref) };
  }
  return undefined;
}

function dialectIn({ documents }: SchemaSide, { file }: Place): ReturnType<typeof declaredDialect> {
  return declaredDialect(documents.get(file));
}

function placeOf({ file, pointer }: SchemaRef): Place {
  return { file, pointer: () => pointer };
}

function child(at: Place, token: string): Place {
  return { file: at.file, pointer: () => `${at.pointer()}/${escapeToken(token)}` };
}

/** Keywords that values can feel, sorted. `x-` words mean something to somebody else, but for the one that opens an enumeration. */
function loud(schema: Mapping): readonly string[] {
  return Object.keys(schema)
    .filter((key) => !silent.has(key) && (!key.startsWith('x-') || key === 'x-extensible-enum'))
    .sort();
}

function asSet(value: unknown): unknown {
  return Array.isArray(value) ? value.map(canonicalJson).sort() : [canonicalJson(value)];
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
