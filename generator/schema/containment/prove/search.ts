import { evaluate } from '../evaluate.js';
import { BIT, type Formula } from '../formula.js';
import type { Formulas } from '../formulas.js';
import { TYPE_NAMES, type TypeName, typeOf } from '../json.js';
import { decideArray } from './array.js';
import { Branch, type OpenClause } from './branch.js';
import { Clashes } from './clash.js';
import { decideNumber } from './number.js';
import { decideObject, refusedObject } from './object.js';
import { candidateOf, type Decision, type Levels, NONE, type Outcome, unknown } from './outcome.js';
import { Exhausted, type Prover } from './prover.js';
import { decideText } from './text.js';

/** Takes a candidate or asks for another. */
type Accept = (value: unknown) => boolean;

/** A search that has not ended after so many places looks ahead before it goes on. */
const PROBED_AFTER = 24;
const PROBES_MAX = 400;

/** Fewer clauses are gone through one after the other at once. */
const GUESSED_FROM = 8;

/** So many candidates are shown to whoever accepts them. */
const CANDIDATES_MAX = 60;

/**
 * Looks for a value that satisfies a formula, type by type and branch by branch; when every branch contradicts itself there is none, which is a proof.
 *
 * Recursion: a formula that is met again inside its own parts is taken to have no value there. That is right, because the smallest value of a formula
 * does not hold another value of it. What was concluded under such an assumption counts once the assumption has held.
 */
export class Search implements Prover {
  readonly formulas: Formulas;
  readonly clashes: Clashes;
  private readonly known = new Map<number, Outcome>();
  /** No value, provided that the formula at this depth of the stack has none. */
  private readonly provisional = new Map<number, number>();
  /** The ids of `provisional`, in the order in which they came. */
  private readonly concluded: number[] = [];
  private readonly stack = new Map<number, number>();
  private assumed = Number.POSITIVE_INFINITY;
  private steps = 0;
  private stepsMax = 0;

  constructor(formulas: Formulas) {
    this.formulas = formulas;
    this.clashes = new Clashes(formulas);
  }

  /** Shows values that may satisfy the formula until one is accepted. `none`: there is no such value. */
  enumerate(formula: Formula, accept: Accept, stepsMax: number): Outcome & { readonly steps: number } {
    this.steps = 0;
    this.stepsMax = stepsMax;
    this.stack.clear();
    this.provisional.clear();
    this.concluded.length = 0;
    this.assumed = Number.POSITIVE_INFINITY;
    let shown = 0;
    const limited: Accept = (value) => {
      if (++shown > CANDIDATES_MAX) throw new Exhausted();
      return accept(value);
    };
    try {
      return { ...this.anyType(formula, limited), steps: this.steps };
    } catch (error) {
      if (!(error instanceof Exhausted) && !(error instanceof RangeError)) throw error;
      return { ...unknown('the search took too many steps'), steps: this.steps };
    }
  }

  step(cost = 1): void {
    this.steps += cost;
    if (this.steps > this.stepsMax) throw new Exhausted();
  }

  solve(formula: Formula): Outcome {
    if (formula.kind === 'true') return { kind: 'some', value: null };
    if (formula.kind === 'false') return NONE;
    const known = this.known.get(formula.id);
    if (known) return known;
    this.step();
    const at = this.stack.get(formula.id) ?? this.provisional.get(formula.id);
    if (at !== undefined) {
      this.assumed = Math.min(this.assumed, at);
      return NONE;
    }
    return this.solveNew(formula);
  }

  private solveNew(formula: Formula): Outcome {
    const depth = this.stack.size;
    const outer = this.assumed;
    this.assumed = Number.POSITIVE_INFINITY;
    this.stack.set(formula.id, depth);
    // What hangs on this formula or on one above it that is met inside can only be concluded from here on.
    const first = this.concluded.length;
    const outcome = this.anyType(formula, undefined);
    this.stack.delete(formula.id);
    const hangsOn = this.assumed;
    this.assumed = outer;
    const inside = this.concluded.slice(first);
    if (outcome.kind !== 'none') {
      // What was concluded from there being no value here has to be looked at again.
      this.concluded.length = first;
      for (const id of inside) {
        const level = this.provisional.get(id) ?? 0;
        if (level >= depth) this.provisional.delete(id);
        else this.concluded.push(id);
      }
      this.known.set(formula.id, outcome);
    } else if (hangsOn < depth) {
      for (const id of inside) if ((this.provisional.get(id) ?? 0) >= depth) this.provisional.set(id, hangsOn);
      this.provisional.set(formula.id, hangsOn);
      this.concluded.push(formula.id);
      this.assumed = Math.min(outer, hangsOn);
    } else {
      this.concluded.length = first;
      for (const id of inside)
        if ((this.provisional.get(id) ?? 0) < depth) this.concluded.push(id);
        else {
          this.provisional.delete(id);
          this.known.set(id, NONE);
        }
      this.known.set(formula.id, NONE);
    }
    return outcome;
  }

  private anyType(formula: Formula, accept: Accept | undefined): Outcome {
    const mask = this.formulas.mask(formula);
    let doubt: Outcome | undefined;
    for (const type of TYPE_NAMES) {
      if ((mask & BIT[type]) === 0) continue;
      const outcome = this.ofType(formula, type, accept);
      if (outcome.kind === 'some') return outcome;
      if (outcome.kind === 'unknown' && (doubt === undefined || candidateOf(doubt) === undefined)) doubt = outcome;
    }
    return doubt ?? NONE;
  }

  private ofType(formula: Formula, type: TypeName, accept: Accept | undefined): Outcome {
    const branch = new Branch(this.formulas, this.clashes, type, () => this.step());
    if (branch.assert(formula, 0n) !== undefined) return NONE;
    const decision = this.explore({ branch, goal: formula, type, accept, nodes: { count: 0 } }, 0n);
    return decision.kind === 'none' ? NONE : decision;
  }

  private explore(task: Task, depth: bigint): Decision {
    this.step();
    const { branch } = task;
    const state = branch.propagate();
    if ('conflict' in state) return { kind: 'none', levels: state.conflict };
    const named = branch.literals.find(({ atom }) => isNamed(atom));
    if (named?.atom.kind === 'values') return this.amongValues(task, named.atom.values.values(), depth);
    const clause = smallest(state.open);
    if (!clause) return this.judged(task, this.decide(task), depth);
    if (++task.nodes.count > PROBED_AFTER) {
      const probed = this.probe(task, state.open);
      if (probed) return 'conflict' in probed ? { kind: 'none', levels: probed.conflict } : this.explore(task, depth);
    }
    const guessed =
      state.open.length >= GUESSED_FROM && isPowerOfTwo(task.nodes.count)
        ? this.guess(task, state.open, depth)
        : undefined;
    if (guessed) return guessed;
    const refused = task.type === 'object' ? refusedObject(branch.literals, this) : undefined;
    return refused === undefined ? this.split(task, clause, depth) : { kind: 'none', levels: refused };
  }

  private split(task: Task, clause: OpenClause, depth: bigint): Decision {
    const { branch } = task;
    const bit = 1n << depth;
    let levels: Levels = clause.levels;
    let doubt: Decision | undefined;
    for (const part of inOrder(clause.parts)) {
      const mark = branch.mark();
      branch.settle(clause);
      const conflict = branch.assert(part, clause.levels | bit);
      const decision: Decision =
        conflict === undefined ? this.explore(task, depth + 1n) : { kind: 'none', levels: conflict };
      branch.undo(mark);
      if (decision.kind === 'some') return decision;
      if (decision.kind === 'unknown') {
        if (doubt === undefined || candidateOf(doubt) === undefined) doubt = decision;
        continue;
      }
      // The contradiction has nothing to do with this choice: the others would meet it as well.
      if ((decision.levels & bit) === 0n) return decision;
      levels |= decision.levels & ~bit;
    }
    return doubt ?? { kind: 'none', levels };
  }

  /**
   * The most harmless alternative of every clause, all at once: most clauses say what a value is not, and have nothing to do with each other. One after
   * the other they would each be looked at for each. Gives a value that was found in this way, or nothing.
   */
  private guess(task: Task, open: readonly OpenClause[], depth: bigint): Decision | undefined {
    const { branch } = task;
    const mark = branch.mark();
    const bit = 1n << depth;
    let conflict: Levels | undefined;
    for (const { parts } of open) {
      const [part] = inOrder(parts);
      if (part) conflict ??= branch.assert(part, bit);
    }
    const state = conflict === undefined ? branch.propagate() : { conflict };
    const isClear = 'open' in state && state.open.length === 0 && !branch.literals.some(({ atom }) => isNamed(atom));
    const decision = isClear ? this.judged(task, this.decide(task), depth + 1n) : undefined;
    branch.undo(mark);
    return decision?.kind === 'some' ? decision : undefined;
  }

  /**
   * Tries every alternative that is left for a contradiction with the facts. Without this, alternatives that have nothing to do with each other would be
   * combined in every way. Gives a contradiction, or `drawn` when a clause has lost alternatives.
   */
  private probe(
    { branch }: Task,
    open: readonly OpenClause[],
  ): { readonly conflict: Levels } | { readonly drawn: true } | undefined {
    if (open.reduce((sum, { parts }) => sum + parts.length, 0) > PROBES_MAX) return undefined;
    for (const clause of open) {
      const left: Formula[] = [];
      let { levels } = clause;
      for (const part of clause.parts) {
        const mark = branch.mark();
        const conflict = branch.assert(part, clause.levels) ?? conflictOf(branch.propagate());
        branch.undo(mark);
        if (conflict === undefined) left.push(part);
        else levels |= conflict;
      }
      const [only] = left;
      if (only === undefined) return { conflict: levels };
      if (left.length > 1) continue;
      const conflict = branch.assert(only, levels);
      return conflict === undefined ? { drawn: true } : { conflict };
    }
    return undefined;
  }

  private amongValues(task: Task, values: Iterable<unknown>, depth: bigint): Decision {
    let doubt: Decision | undefined;
    for (const value of values) {
      if (typeOf(value) !== task.type) continue;
      this.step();
      const holds = evaluate(task.goal, value);
      if (holds === false) continue;
      const candidate: Decision = holds
        ? { kind: 'some', value }
        : unknown('part of a schema is not understood', { value });
      const decision = this.judged(task, candidate, depth);
      if (decision.kind === 'some') return decision;
      doubt ??= decision;
    }
    return doubt ?? { kind: 'none', levels: (1n << depth) - 1n };
  }

  private decide({ type, branch }: Task): Decision {
    const { literals } = branch;
    switch (type) {
      case 'null':
        return single(literals, [null]);
      case 'boolean':
        return single(literals, [false, true]);
      case 'number':
        return decideNumber(literals, () => this.step());
      case 'string':
        return decideText(literals, (cost) => this.step(cost));
      case 'array':
        return decideArray(literals, this);
      case 'object':
        return decideObject(literals, this);
    }
  }

  /** Lets a candidate be confirmed; one that is refused proves nothing either way. */
  private judged(task: Task, decision: Decision, depth: bigint): Decision {
    const candidate = candidateOf(decision);
    if (!candidate)
      return decision.kind === 'none' ? { ...decision, levels: decision.levels & ((1n << depth) - 1n) } : decision;
    if (!task.accept) {
      const holds = evaluate(task.goal, candidate.value);
      if (decision.kind === 'some' && holds === false) return unknown('a value could not be completed', candidate);
      return decision;
    }
    if (task.accept(candidate.value)) return { kind: 'some', value: candidate.value };
    return unknown(
      decision.kind === 'unknown' ? decision.why : 'validators do not agree with the specification about a value',
    );
  }
}

interface Task {
  readonly branch: Branch;
  readonly goal: Formula;
  readonly type: TypeName;
  readonly accept: Accept | undefined;
  /** How many places of the search there were. */
  readonly nodes: { count: number };
}

function conflictOf(state: ReturnType<Branch['propagate']>): Levels | undefined {
  return 'conflict' in state ? state.conflict : undefined;
}

/** What leaves something out comes first, what nobody understands last. */
function inOrder(parts: readonly Formula[]): readonly Formula[] {
  if (!parts.some((part) => rank(part) !== 1)) return parts;
  return [...parts].sort((a, b) => rank(a) - rank(b));
}

function rank(part: Formula): number {
  const parts = part.kind === 'and' ? part.parts : [part];
  if (parts.some(({ kind }) => kind === 'opaque')) return 2;
  return parts.every((each) => each.kind === 'type' || (each.kind === 'present' && !each.holds)) ? 0 : 1;
}

function isNamed(atom: Formula): boolean {
  return atom.kind === 'values' && atom.holds;
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}

function smallest(open: readonly OpenClause[]): OpenClause | undefined {
  let best: OpenClause | undefined;
  for (const clause of open) if (!best || clause.parts.length < best.parts.length) best = clause;
  return best;
}

function single(literals: Branch['literals'], values: readonly unknown[]): Decision {
  let levels = 0n;
  for (const literal of literals) levels |= literal.levels;
  const value = values.find((each) => literals.every(({ atom }) => evaluate(atom, each) !== false));
  return value === undefined ? { kind: 'none', levels } : { kind: 'some', value };
}
