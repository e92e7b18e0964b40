import { BIT, type Formula } from '../formula.js';
import { candidateOf } from './outcome.js';
import type { Prover } from './prover.js';

export type Fresh =
  | { readonly kind: 'found'; readonly name: string; readonly goal: Formula }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * A property that nobody has named: its name is among `names` and not `taken`, its value satisfies `schema` and what is said of every property whose
 * name is like that. For each of those rules the name is either meant or not, so the ways are tried one after the other.
 */
export function freshProperty(
  prover: Prover,
  rules: readonly (Formula & { kind: 'each' })[],
  names: Formula,
  schema: Formula,
  taken: ReadonlySet<string>,
): Fresh {
  const { formulas } = prover;
  const start = formulas.and([formulas.type(BIT.string), names, formulas.values(taken, false)]);
  const distinct = [...new Map(rules.map((rule) => [rule.id, rule])).values()];
  let doubt: string | undefined;
  const choose = (index: number, name: Formula, goal: Formula): Fresh => {
    prover.step();
    if (name.kind === 'false' || goal.kind === 'false') return { kind: 'none' };
    const rule = distinct[index];
    if (!rule) return settle(name, goal);
    const meant = prover.clashes.between(name, rule.names)
      ? [false]
      : prover.clashes.between(name, formulas.not(rule.names))
        ? [true]
        : [false, true];
    for (const isMeant of meant) {
      const found = isMeant
        ? choose(index + 1, formulas.and([name, rule.names]), formulas.and([goal, rule.schema]))
        : choose(index + 1, formulas.and([name, formulas.not(rule.names)]), goal);
      if (found.kind === 'found') return found;
    }
    return { kind: 'none' };
  };
  const settle = (name: Formula, goal: Formula): Fresh => {
    const value = prover.solve(goal);
    if (value.kind === 'none') return { kind: 'none' };
    const named = prover.solve(name);
    if (named.kind === 'none') return { kind: 'none' };
    const text = candidateOf(named)?.value;
    if (named.kind === 'unknown') doubt ??= named.why;
    if (value.kind === 'unknown') doubt ??= value.why;
    return typeof text === 'string' && candidateOf(value) ? { kind: 'found', name: text, goal } : { kind: 'none' };
  };
  const found = choose(0, start, schema);
  return found.kind === 'none' && doubt !== undefined ? { kind: 'unknown', why: doubt } : found;
}
