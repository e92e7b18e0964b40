import type { Formula } from '../formula.js';
import type { Formulas } from '../formulas.js';
import type { Clashes } from './clash.js';
import type { Outcome } from './outcome.js';

/** The search as its parts see it. */
export interface Prover {
  readonly formulas: Formulas;
  readonly clashes: Clashes;
  /** Whether a part of the value can satisfy a formula. */
  solve(formula: Formula): Outcome;
  /** Counts work; throws `Exhausted` when there was too much. */
  step(cost?: number): void;
}

/** The budget is used up. */
export class Exhausted extends Error {}
