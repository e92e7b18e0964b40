import { evaluate } from '../evaluate.js';
import { fewValues, onlyNames } from '../exactly-one.js';
import { BIT, type Formula, subjectOf } from '../formula.js';
import type { Formulas } from '../formulas.js';
import type { TypeName } from '../json.js';
import type { Clashes } from './clash.js';
import { type Alternatives, type Clause, Clauses, NAMES } from './clauses.js';
import { differs } from './difference.js';
import { excludes, implies, type Limit } from './limits.js';
import type { Levels, Literal } from './outcome.js';

/** A clause as far as the facts leave it open. `levels` includes what made the other parts false. */
export interface OpenClause extends Alternatives {
  readonly clause: Clause;
}

type Standing = { readonly is: 'true' } | { readonly is: 'open' } | { readonly is: 'false'; readonly levels: Levels };
const TRUE: Standing = { is: 'true' };
const OPEN: Standing = { is: 'open' };

/** How a state can be gone back to. */
export interface Mark {
  readonly trail: number;
  readonly literals: number;
  readonly clauses: number;
  readonly settled: number;
}

/** A look at a fact costs little; alternatives that share their parts take very many. */
const LOOKS_PER_STEP = 32;

/** More excluded values than this are left to the final check. */
const DIFFERENCES_MAX = 40;

/** The facts about one value of a given type on one branch of the search. */
export class Branch {
  readonly literals: Literal[] = [];
  private readonly clauses: Clauses;
  private readonly facts = new Map<number, Levels>();
  private readonly trail: number[] = [];
  private readonly settled: Clause[] = [];
  private readonly closers: Literal[] = [];
  private readonly limits: (Literal & { readonly atom: Limit })[] = [];
  private readonly properties = new Map<string, Literal[]>();
  private readonly formulas: Formulas;
  private readonly clashes: Clashes;
  private readonly type: TypeName;
  private readonly step: () => void;
  private looks = 0;

  constructor(formulas: Formulas, clashes: Clashes, type: TypeName, step: () => void) {
    this.formulas = formulas;
    this.clauses = new Clauses(formulas);
    this.clashes = clashes;
    this.type = type;
    this.step = step;
  }

  mark(): Mark {
    return {
      trail: this.trail.length,
      literals: this.literals.length,
      clauses: this.clauses.size,
      settled: this.settled.length,
    };
  }

  undo(mark: Mark): void {
    for (const id of this.trail.splice(mark.trail)) this.facts.delete(id);
    // The latest first, as they lie.
    for (const { atom } of this.literals.splice(mark.literals).reverse())
      if (atom.kind === 'property') this.properties.get(atom.name)?.pop();
      else if (this.closers.at(-1)?.atom === atom) this.closers.pop();
      else if (this.limits.at(-1)?.atom === atom) this.limits.pop();
    this.clauses.shorten(mark.clauses);
    for (const clause of this.settled.splice(mark.settled)) clause.isSettled = false;
  }

  /** Adds a fact; gives the decisions that contradict it, or undefined. */
  assert(formula: Formula, levels: Levels): Levels | undefined {
    this.step();
    if (this.facts.has(formula.id)) return undefined;
    const standing = this.standing(formula);
    if (standing.is === 'false') return standing.levels | levels;
    this.facts.set(formula.id, levels);
    this.trail.push(formula.id);
    switch (formula.kind) {
      case 'true':
      case 'type':
        return undefined;
      case 'and':
        for (const part of formula.parts) {
          const conflict = this.assert(part, levels);
          if (conflict !== undefined) return conflict;
        }
        return undefined;
      case 'or':
        this.clauses.add(formula, levels);
        return undefined;
      case 'reference':
        return this.assert(formula.unfold(), levels);
      default:
        return this.assertAtom(formula, levels);
    }
  }

  private assertAtom(atom: Formula, levels: Levels): Levels | undefined {
    const subject = subjectOf(atom);
    if (subject !== undefined && subject !== this.type) return undefined;
    const literal = { atom, levels };
    this.literals.push(literal);
    if (atom.kind === 'property') {
      const known = this.properties.get(atom.name);
      if (known) known.push(literal);
      else this.properties.set(atom.name, [literal]);
    }
    if (atom.kind === 'each' && atom.schema.kind === 'false') this.closers.push(literal);
    if (atom.kind === 'bound' || atom.kind === 'length') this.limits.push({ atom, levels });
    const composed = this.type === 'array' || this.type === 'object';
    if (atom.kind !== 'values' || atom.holds || !composed || atom.values.size > DIFFERENCES_MAX) return undefined;
    for (const value of atom.values.values()) {
      const conflict = this.assert(differs(this.formulas, value), levels);
      if (conflict !== undefined) return conflict;
    }
    return undefined;
  }

  /** An alternative of this clause holds from here on; it need not be looked at until that is undone. */
  settle({ clause }: OpenClause): void {
    clause.isSettled = true;
    this.settled.push(clause);
  }

  /** Draws what follows from single remaining alternatives, as often as it goes. */
  propagate(): { readonly conflict: Levels } | { readonly open: readonly OpenClause[] } {
    for (;;) {
      const near = this.pass(this.clauses.near((name) => this.valuesOf(name)));
      if ('conflict' in near) return near;
      // A value that is known by now puts other clauses in question.
      if (near.drawn) continue;
      if (near.open.length > 0) return near;
      const far = this.pass(this.clauses.far((name) => this.valuesOf(name)));
      if ('conflict' in far || far.open.length > 0 || !far.drawn) return far;
    }
  }

  private pass(
    clauses: Iterable<Clause>,
  ): { readonly conflict: Levels } | { readonly open: readonly OpenClause[]; readonly drawn: boolean } {
    const listed = [...clauses];
    let before = false;
    for (;;) {
      const open: OpenClause[] = [];
      const { size } = this.clauses;
      let drawn = false;
      for (const clause of listed) {
        const left = clause.isSettled ? undefined : this.reduce(clause);
        if (left === undefined) continue;
        const [first] = left.parts;
        if (first === undefined) return { conflict: left.levels };
        if (left.parts.length > 1) {
          open.push(left);
          continue;
        }
        const conflict = this.assert(first, left.levels);
        if (conflict !== undefined) return { conflict };
        drawn = true;
      }
      if (!drawn) return { open, drawn: before };
      before = true;
      for (const clause of this.clauses.since(size)) listed.push(clause);
    }
  }

  /** The few values that a property which is there can have, by `keyOf`; for `NAMES` the few names that the object allows. */
  private valuesOf(name: string): ReadonlySet<string> | undefined {
    if (name === NAMES) {
      for (const { atom } of this.closers) {
        const allowed = onlyNames(atom);
        if (allowed) return new Set(allowed);
      }
      return undefined;
    }
    if (!this.facts.has(this.formulas.present(name).id)) return undefined;
    for (const { atom } of this.properties.get(name) ?? []) {
      const few = atom.kind === 'property' ? fewValues(atom.schema) : undefined;
      if (few) return few;
    }
    return undefined;
  }

  private reduce(clause: Clause): OpenClause | undefined {
    const parts: Formula[] = [];
    let { levels } = clause;
    for (const part of clause.parts) {
      this.step();
      const standing = this.standing(part);
      if (standing.is === 'true') return undefined;
      if (standing.is === 'false') levels |= standing.levels;
      else parts.push(part);
    }
    return { parts, levels, clause };
  }

  /** What the facts say about a formula without search. */
  private standing(formula: Formula): Standing {
    if (++this.looks % LOOKS_PER_STEP === 0) this.step();
    if (formula.kind === 'true' || this.facts.has(formula.id)) return TRUE;
    if (formula.kind === 'false') return { is: 'false', levels: 0n };
    if (formula.kind === 'type') return formula.mask & BIT[this.type] ? TRUE : { is: 'false', levels: 0n };
    const subject = subjectOf(formula);
    if (subject !== undefined && subject !== this.type) return TRUE;
    const opposite = this.facts.get(this.formulas.not(formula).id);
    if (opposite !== undefined) return { is: 'false', levels: opposite };
    if (formula.kind === 'and') return this.standingOfAll(formula.parts);
    if (formula.kind === 'or') return this.standingOfAny(formula.parts);
    const dual = this.formulas.dual(formula);
    const against = dual && this.facts.get(dual.id);
    if (against !== undefined) return { is: 'false', levels: against };
    if (formula.kind === 'present') return this.standingOfPresence(formula.name, formula.holds);
    if (formula.kind === 'bound' || formula.kind === 'length') return this.standingOfLimit(formula);
    return formula.kind === 'property' ? this.standingOfProperty(formula.name, formula.schema) : OPEN;
  }

  private standingOfAll(parts: readonly Formula[]): Standing {
    let result: Standing = TRUE;
    for (const part of parts) {
      const standing = this.standing(part);
      if (standing.is === 'false') return standing;
      if (standing.is === 'open') result = OPEN;
    }
    return result;
  }

  private standingOfAny(parts: readonly Formula[]): Standing {
    let levels = 0n;
    let open = false;
    for (const part of parts) {
      const standing = this.standing(part);
      if (standing.is === 'true') return TRUE;
      if (standing.is === 'open') open = true;
      else levels |= standing.levels;
    }
    return open ? OPEN : { is: 'false', levels };
  }

  private standingOfPresence(name: string, holds: boolean): Standing {
    for (const { atom, levels } of this.closers)
      if (atom.kind === 'each' && evaluate(atom.names, name) === true) return holds ? { is: 'false', levels } : TRUE;
    return OPEN;
  }

  private standingOfLimit(limit: Limit): Standing {
    for (const { atom, levels } of this.limits) {
      if (implies(atom, limit)) return TRUE;
      if (excludes(atom, limit)) return { is: 'false', levels };
    }
    return OPEN;
  }

  private standingOfProperty(name: string, schema: Formula): Standing {
    if (this.facts.has(this.formulas.present(name, false).id)) return TRUE;
    const present = this.facts.get(this.formulas.present(name).id);
    for (const { atom, levels } of this.properties.get(name) ?? []) {
      if (atom.kind !== 'property') continue;
      if (this.clashes.between(atom.schema, this.formulas.not(schema))) return TRUE;
      if (present !== undefined && this.clashes.between(atom.schema, schema))
        return { is: 'false', levels: levels | present };
    }
    return OPEN;
  }
}
