import type { PactUse } from '../load/documents.js';
import type { Model } from '../model/types.js';
import type { Change } from './change.js';
import type { Judgement } from './judgement.js';

/** The two revisions of one system that are compared. */
export interface Revisions {
  readonly before: Model;
  readonly after: Model;
  /** What consumers have said in Pact files of their own that they read. Default: nothing. */
  readonly uses?: readonly PactUse[];
}

/**
 * One judgement over a change: a file in `rules/`, a line in `registry.ts`, a folder with cases. A rule promises: the same change gives the same
 * judgements in the same order, and none where the change is not its concern.
 */
export interface CompatRule {
  /** Kebab case, stable: waivers refer to it. */
  readonly id: string;
  /** What it says of a change, in one sentence. */
  readonly title: string;
  /** Who is hurt, and how. */
  readonly why: string;
  readonly fix: string;
  readonly requirements: readonly string[];
  /** The rule that judges the same change seen from the other side (request and response, sent and received), or why there is none. */
  readonly mirror: string | { readonly none: string };
  judge(change: Change, revisions: Revisions): Iterable<Judgement>;
}
