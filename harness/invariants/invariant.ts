import type { Position } from '../../generator/diagnostics/position.js';
import type { Happening, Run } from '../history.js';
import type { Subject } from '../subject.js';

/** One promise that must hold in every run, whatever the faults: a file, a line in `registry.ts`, a section in the page of invariants. Pure. */
export interface Invariant {
  /** Kebab case, stable: reports, `verify.invariants` of a feature and kept plans refer to it. */
  readonly id: string;
  /** The promise in one sentence. */
  readonly promise: string;
  check(run: Run, subject: Subject): Iterable<Violation>;
}

/** A promise that a run broke. */
export interface Violation {
  readonly invariant: string;
  /** The broken promise as a person says it: `A deleted Employee came back.` */
  readonly sentence: string;
  /** The happening at which it broke, when there is one. */
  readonly at?: Happening;
  readonly service: string;
  /** Place in the contract that made the promise. */
  readonly contract?: Position;
  /** What should be and what is, as plain values. */
  readonly expected?: unknown;
  readonly actual?: unknown;
}
