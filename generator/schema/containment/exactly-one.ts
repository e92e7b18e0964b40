import { BIT, type Formula } from './formula.js';
import type { Formulas } from './formulas.js';

/** Beyond so many pairs of branches that may overlap, `oneOf` is not written out. */
const PAIRS_MAX = 3_000;

/**
 * `oneOf`. Branches that a type or a property tells apart need no further condition, so that thousands of variants stay as many parts; the others
 * exclude each other in pairs.
 */
export function exactlyOne(formulas: Formulas, parts: readonly Formula[]): Formula {
  const live = parts.filter((part) => part.kind !== 'false');
  const overlaps = overlapsOf(formulas, live);
  const pairs = overlaps.reduce((sum, each) => sum + each.length, 0);
  if (pairs > PAIRS_MAX) {
    const ids = live.map(({ id }) => id).sort((a, b) => a - b);
    return formulas.and([formulas.or(live), formulas.opaque(`at most one of the overlapping branches ${ids.join()}`)]);
  }
  return formulas.or(
    live.map((part, index) =>
      formulas.and([part, ...(overlaps[index] ?? []).map((other) => formulas.not(live[other] ?? formulas.false))]),
    ),
  );
}

/** For each branch the others that may hold together with it. */
function overlapsOf(formulas: Formulas, parts: readonly Formula[]): readonly (readonly number[])[] {
  const labels = parts.map((part) => labelsOf(formulas, part));
  const shared =
    labels[0] === undefined ? [] : [...labels[0].keys()].filter((name) => labels.every((each) => each.has(name)));
  for (const name of shared) {
    const owners = new Map<string, number[]>();
    for (const [index, each] of labels.entries())
      for (const value of each.get(name) ?? []) owners.set(value, [...(owners.get(value) ?? []), index]);
    if ([...owners.values()].every((indexes) => indexes.length === 1)) return parts.map(() => []);
  }
  if (areToldApartByName(formulas, parts)) return parts.map(() => []);
  if (parts.length > 200)
    return parts.map((_, index) => parts.map((_each, other) => other).filter((other) => other !== index));
  return parts.map((part, index) =>
    parts.flatMap((other, at) =>
      at !== index && mayOverlap(formulas, part, other, labels[index], labels[at]) ? [at] : [],
    ),
  );
}

/** Whether each branch requires a property that no other one allows, as messages do that are wrapped in their name. */
function areToldApartByName(formulas: Formulas, parts: readonly Formula[]): boolean {
  const allowedBy = new Map<string, number>();
  for (const part of parts) {
    const allowed = formulas.mask(part) === BIT.object ? onlyNames(part) : undefined;
    if (!allowed) return false;
    for (const name of allowed) allowedBy.set(name, (allowedBy.get(name) ?? 0) + 1);
  }
  return parts.every((part) =>
    (part.kind === 'and' ? part.parts : []).some(
      (each) => each.kind === 'present' && each.holds && (allowedBy.get(each.name) ?? 0) <= 1,
    ),
  );
}

/** The names of an object that allows few. */
export function onlyNames(formula: Formula): readonly string[] | undefined {
  for (const part of formula.kind === 'and' ? formula.parts : [formula])
    if (part.kind === 'each' && part.schema.kind === 'false' && part.names.kind === 'values' && !part.names.holds)
      return [...part.names.values.values()].filter((name) => typeof name === 'string');
  return undefined;
}

type Labels = ReadonlyMap<string, ReadonlySet<string>>;

function mayOverlap(
  formulas: Formulas,
  a: Formula,
  b: Formula,
  ofA: Labels | undefined,
  ofB: Labels | undefined,
): boolean {
  if ((formulas.mask(a) & formulas.mask(b)) === 0) return false;
  for (const [name, values] of ofA ?? []) {
    const others = ofB?.get(name);
    if (others && [...values].every((value) => !others.has(value))) return false;
  }
  return true;
}

/**
 * What tells the values of a schema apart at first sight: the few values that a required property can have, by its name, and under the empty
 * name the few values that the whole can have.
 */
export function labelsOf(formulas: Formulas, formula: Formula): Labels {
  const labels = new Map<string, ReadonlySet<string>>();
  const parts = formula.kind === 'and' ? formula.parts : [formula];
  const required = new Set<string>();
  for (const part of parts) if (part.kind === 'present' && part.holds) required.add(part.name);
  for (const part of parts) {
    if (part.kind === 'values' && part.holds) labels.set('', new Set(part.values.keys()));
    if (part.kind !== 'property' || !required.has(part.name)) continue;
    const keys = fewValues(part.schema);
    if (keys && formulas.mask(formula) === BIT.object) labels.set(` ${part.name}`, keys);
  }
  return labels;
}

/** The values that a formula leaves when it names them. */
export function fewValues(formula: Formula): ReadonlySet<string> | undefined {
  const parts = formula.kind === 'and' ? formula.parts : [formula];
  for (const part of parts) if (part.kind === 'values' && part.holds) return new Set(part.values.keys());
  return undefined;
}
