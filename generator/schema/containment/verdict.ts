import type { Dialect } from '../node.js';
import type { Documents, SchemaRef } from '../ref.js';

/**
 * `strict`: instances are everything the writer's schema accepts. `tolerant`: a writer sends only what it declares, so the writer's objects are closed
 * to undeclared properties where `additionalProperties` is absent or true; the reader is taken as written.
 */
export type Content = 'strict' | 'tolerant';

/** A schema and what is needed to understand it. */
export interface SchemaSource {
  /** As written: an object or a boolean. */
  readonly schema: unknown;
  /** Default: what `$schema` says, at the place what its document says, else 2020-12. */
  readonly dialect?: Dialect;
  /** Where the schema stands, when it refers to other parts of its document or to other files. Default: a document of its own. */
  readonly place?: { readonly documents: Documents; readonly ref: SchemaRef };
}

/** Where a schema refuses a value: JSON pointers into the value and into the reader's schema, and the broken keyword. */
export interface Refusal {
  readonly instance: string;
  readonly schema: string;
  readonly keyword: string;
  readonly message: string;
}

export type Verdict =
  /** Proven: every instance of the writer is valid under the reader. */
  | { readonly verdict: 'compatible' }
  /** Ajv accepts the counterexample under the writer's schema and refuses it under the reader's, both as written. */
  | {
      readonly verdict: 'incompatible';
      readonly counterexample: unknown;
      readonly where: Refusal;
      readonly errors: readonly Refusal[];
    }
  /** Neither proven nor refuted. `why` is a sentence for people. */
  | { readonly verdict: 'unknown'; readonly why: string };

export interface ContainsOptions {
  /** Default `strict`. */
  readonly content?: Content;
  /** Upper bound for the search, in steps of some microseconds each; default 300,000. The same steps give the same verdict on every machine. */
  readonly stepsMax?: number;
  /** Told how many steps were taken. */
  readonly onSteps?: (steps: number) => void;
}
