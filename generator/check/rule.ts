import type { Related, Severity } from '../diagnostics/finding.js';
import type { Position } from '../diagnostics/position.js';
import type { Model } from '../model/types.js';

/**
 * One judgement over a model: a file in `rules/`, a line in `registry.ts`, a folder with a failing and a clean case.
 *
 * A rule promises: the same model gives the same violations in the same order; it throws nothing for anything a user may write; it says nothing
 * where the contract leaves the question open (no payload, no OpenAPI document, no declared service). It does not promise to find each place only once.
 */
export interface Rule {
  /** Kebab case, stable: `rules:` and `accept:` of a workspace refer to it. */
  readonly id: string;
  /** `error`: data is lost or corrupted, or generation would be wrong. `warning`: a practice of resilience is missing. `info`: advice. */
  readonly severity: Severity;
  /** What must hold, in one sentence. */
  readonly title: string;
  /** What goes wrong otherwise. */
  readonly why: string;
  /** The general way out; each violation says what to write where. */
  readonly fix: string;
  /** Ids of the requirements that asked for it. */
  readonly requirements: readonly string[];
  check(model: Model): Iterable<Violation>;
}

/** What a rule found. The runner adds the rule's id and the severity that the workspace gave it. */
export interface Violation {
  readonly at: Position;
  /** The fact first, names in double quotes, the numbers, a full stop. */
  readonly message: string;
  /** Stable identity that `accept` refers to: `entity:Employee`, `event:InvoiceCreated consumer:common`, `http:sales->common`. */
  readonly subject: string;
  /** What to write where; starts with a verb. Default: the rule's. */
  readonly fix?: string;
  readonly related?: readonly Related[];
  /** Only when one case of the rule weighs more or less than the others. */
  readonly severity?: Severity;
}
