import { evaluate } from '../evaluate.js';
import type { Formula } from '../formula.js';
import type { Formulas } from '../formulas.js';

/** So many named values are tried one by one. */
const VALUES_MAX = 24;

/** Whether two formulas obviously have no value in common. Cheap: no search. */
export class Clashes {
  private readonly formulas: Formulas;
  private readonly known = new Map<string, boolean>();

  constructor(formulas: Formulas) {
    this.formulas = formulas;
  }

  between(a: Formula, b: Formula): boolean {
    if ((this.formulas.mask(a) & this.formulas.mask(b)) === 0) return true;
    if (a.kind === 'true' || b.kind === 'true') return false;
    const key = a.id < b.id ? `${a.id},${b.id}` : `${b.id},${a.id}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const clash = this.formulas.not(a).id === b.id || this.byValues(a, b) || this.byValues(b, a);
    this.known.set(key, clash);
    return clash;
  }

  private byValues(a: Formula, b: Formula): boolean {
    const parts = a.kind === 'and' ? a.parts : [a];
    for (const part of parts) {
      if (part.kind !== 'values' || !part.holds) continue;
      const others = (b.kind === 'and' ? b.parts : [b]).filter((each) => each.kind === 'values');
      for (const other of others)
        if (other.kind === 'values' && [...part.values.keys()].every((key) => other.values.has(key) !== other.holds))
          return true;
      if (part.values.size <= VALUES_MAX && [...part.values.values()].every((value) => evaluate(b, value) === false))
        return true;
    }
    return false;
  }
}
