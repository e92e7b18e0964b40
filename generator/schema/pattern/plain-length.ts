import type { Expression } from './expression.js';

/** A text that consists of certain characters and has a length in bounds, both included: `^[A-Z]{2,35}$`. */
export interface PlainLength {
  /** The same without the count: `^[A-Z]*$`. */
  readonly anyLength: Expression;
  readonly min: number;
  /** Infinity when it is open. */
  readonly max: number;
}

/** Counts are cheaper as bounds of length than written out in an automaton. Undefined for expressions of another form. */
export function plainLength(expression: Expression): PlainLength | undefined {
  if (expression.kind !== 'sequence') return undefined;
  const [start, repeat, end, ...others] = expression.parts;
  if (start?.kind !== 'start' || end?.kind !== 'end' || others.length > 0) return undefined;
  if (repeat?.kind !== 'repeat' || repeat.body.kind !== 'chars') return undefined;
  const { min, max } = repeat;
  return {
    anyLength: { kind: 'sequence', parts: [start, { ...repeat, min: 0, max: Infinity }, end] },
    min,
    max,
  };
}
