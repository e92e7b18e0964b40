import type { Formula } from './formula.js';
import type { Formulas } from './formulas.js';
import type { Spot } from './references.js';
import type { Resources } from './resources.js';

/** Where the specification and validators in use differ; both readings are considered then. */
export interface Reading {
  /** In drafts up to 7: whether keywords beside `$ref` count. */
  readonly siblings: 'count' | 'ignored';
  /**
   * For `unevaluatedItems`: what the branches that hold have evaluated, or what any branch may have (as validators count), where `contains` counts for
   * all items.
   */
  readonly items: 'exact' | 'generous';
  /** The same for `unevaluatedProperties`, where validators are exact as a rule and forget to take back what a branch evaluated that does not hold. */
  readonly properties: 'exact' | 'generous';
  /** Whether `contains` counts for an array that ends before the tuple beside it does. Validators that stop at the first error forget it. */
  readonly contains: 'always' | 'after-tuple';
}

/** As Ajv reads. */
export const AS_VALIDATED: Reading = { siblings: 'count', items: 'generous', properties: 'exact', contains: 'always' };

/** The reader of a whole schema as the readers of its keywords see it. */
export interface SchemaReader {
  readonly formulas: Formulas;
  readonly resources: Resources;
  readonly reading: Reading;
  /** What the schema at a spot says about a value. */
  formulaOf(spot: Spot): Formula;
  /** The formula of a part of a schema. */
  part(spot: Spot, ...keys: readonly (string | number)[]): Formula;
  spotOf(spot: Spot, ...keys: readonly (string | number)[]): Spot;
  /** Takes note that the readings differ about what is being read. */
  doubt(about: keyof Reading): void;
  /** Takes note of a keyword that validators are known to misjudge in some places. */
  misjudged(): void;
  /** Whether only the reference of a schema counts. */
  refersOnly(spot: Spot): boolean;
}
