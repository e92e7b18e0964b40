import { labelsOf } from '../exactly-one.js';
import { BIT, type Formula } from '../formula.js';
import type { Formulas } from '../formulas.js';
import type { Levels } from './outcome.js';

/** Alternatives of which one has to hold. */
export interface Alternatives {
  readonly parts: readonly Formula[];
  readonly levels: Levels;
}

export interface Clause extends Alternatives {
  /** An alternative holds already. */
  isSettled: boolean;
  /** The clause speaks of objects in which this property has one of these values; for others it holds. */
  readonly about: { readonly name: string; readonly values: ReadonlySet<string> } | undefined;
}

/** Stands for the names of the properties that are there; a clause about one of them holds when it is not. */
export const NAMES = '\u0000names';

/** What a clause is about that says what an object is not. */
function subjectOfClause(formulas: Formulas, excluded: Formula): Clause['about'] {
  for (const [name, values] of labelsOf(formulas, excluded)) if (name !== '') return { name: name.slice(1), values };
  if (formulas.mask(excluded) !== BIT.object || excluded.kind !== 'and') return undefined;
  for (const part of excluded.parts)
    if (part.kind === 'present' && part.holds) return { name: NAMES, values: new Set([part.name]) };
  return undefined;
}

/** Fewer clauses about one property are looked at one by one. */
const MANY = 16;

/**
 * The clauses of a branch, in the order in which they came. Those about one value of a property, such as the variants of a message, are found by the
 * value, so that thousands of them cost no more than the one that is meant.
 */
export class Clauses {
  private readonly all: Clause[] = [];
  private readonly plain: Clause[] = [];
  private readonly groups = new Map<string, { readonly byValue: Map<string, Clause[]>; readonly list: Clause[] }>();
  private readonly formulas: Formulas;

  constructor(formulas: Formulas) {
    this.formulas = formulas;
  }

  get size(): number {
    return this.all.length;
  }

  add(formula: Formula & { readonly kind: 'or' }, levels: Levels): void {
    const about = subjectOfClause(this.formulas, this.formulas.not(formula));
    const clause: Clause = { parts: formula.parts, levels, isSettled: false, about };
    this.all.push(clause);
    if (!about) {
      this.plain.push(clause);
      return;
    }
    const group = this.groups.get(about.name) ?? { byValue: new Map<string, Clause[]>(), list: [] };
    this.groups.set(about.name, group);
    group.list.push(clause);
    for (const value of about.values) {
      const clauses = group.byValue.get(value);
      if (clauses) clauses.push(clause);
      else group.byValue.set(value, [clause]);
    }
  }

  /** Forgets the latest ones. */
  shorten(size: number): void {
    for (let clause = this.all[size] && this.all.pop(); clause; clause = this.all[size] && this.all.pop()) {
      if (!clause.about) {
        this.plain.pop();
        continue;
      }
      const group = this.groups.get(clause.about.name);
      group?.list.pop();
      for (const value of clause.about.values) group?.byValue.get(value)?.pop();
    }
  }

  since(size: number): readonly Clause[] {
    return this.all.slice(size);
  }

  /** Those that the known values of properties leave in question, and those that are in no large group. */
  *near(valuesOf: (name: string) => ReadonlySet<string> | undefined): Generator<Clause> {
    yield* this.plain;
    for (const [name, { byValue, list }] of this.groups) {
      if (list.length < MANY) yield* list;
      else for (const value of valuesOf(name) ?? []) yield* byValue.get(value) ?? [];
    }
  }

  /** The rest, apart from those that the known values have settled. */
  *far(valuesOf: (name: string) => ReadonlySet<string> | undefined): Generator<Clause> {
    for (const [name, { list }] of this.groups) if (list.length >= MANY && !valuesOf(name)) yield* list;
  }
}
