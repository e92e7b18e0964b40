import type { Formula } from '../formula.js';

/** Whether some value satisfies a formula. `none` is a proof; the value of the others is a candidate that somebody has to judge. */
export type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'some'; readonly value: unknown }
  | { readonly kind: 'unknown'; readonly why: string; readonly candidate?: { readonly value: unknown } };

/** The decisions that a fact hangs on: one bit per decision that is open. */
export type Levels = bigint;

/** An atom that has to hold, about the type under consideration. */
export interface Literal {
  readonly atom: Formula;
  readonly levels: Levels;
}

/** As `Outcome`; a refusal names the decisions that it hangs on. */
export type Decision = { readonly kind: 'none'; readonly levels: Levels } | Exclude<Outcome, { readonly kind: 'none' }>;

export const NONE: Outcome = { kind: 'none' };

export function unknown(why: string, candidate?: { readonly value: unknown }): Exclude<Outcome, { kind: 'none' }> {
  return candidate ? { kind: 'unknown', why, candidate } : { kind: 'unknown', why };
}

/** What an outcome offers as a value, if anything. */
export function candidateOf(outcome: Outcome | Decision): { readonly value: unknown } | undefined {
  if (outcome.kind === 'some') return { value: outcome.value };
  return outcome.kind === 'unknown' ? outcome.candidate : undefined;
}
