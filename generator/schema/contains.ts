import { type Containment, createContainment } from './containment/containment.js';
import type { ContainsOptions, SchemaSource, Verdict } from './containment/verdict.js';

export type { ContainsOptions, Content, Refusal, SchemaSource, Verdict } from './containment/verdict.js';

/**
 * Whether every instance of `writer` is valid under `reader`: a proof, a counterexample, or neither. Synchronous, deterministic, bounded; verdicts on
 * equal schemas are remembered. Never throws on what a user wrote: a schema that cannot be read gives `unknown`, unless both are equal.
 */
export function contains(reader: SchemaSource, writer: SchemaSource, options: ContainsOptions = {}): Verdict {
  shared ??= createContainment();
  return shared.decide(reader, writer, options);
}

/** One memory for the whole process: a comparison of two systems asks about the same pairs again and again. */
let shared: Containment | undefined;
