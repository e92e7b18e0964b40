import type { Related, Severity } from '../diagnostics/finding.js';
import type { Position } from '../diagnostics/position.js';

/** `breaking`: proven, somebody is hit. `unknown`: neither proven safe nor broken; fails the gate until waived. `notice`: works, but behaves otherwise. */
export type Verdict = 'breaking' | 'unknown' | 'notice' | 'safe';

export type Level = 'major' | 'minor' | 'patch';

/**
 * Which side has to be there first. `reader-first`: whoever reads may not meet the new form before it knows it. `writer-first`: the new reader refuses what
 * the old writer sends. `never`: neither order works; two releases, expand then contract. `any`: no order, canary and rollback included.
 */
export type Order = 'any' | 'reader-first' | 'writer-first' | 'never';

/** A service that a change reaches, and why: it consumes the event, takes the field, its range no longer matches. */
export interface Affected {
  readonly service: string;
  readonly feature: string;
  /** Owner team of the service, as services.yaml says; '' when nobody is named. */
  readonly team: string;
  readonly why: string;
}

/** A value that one side may send and the other refuses, confirmed on both original schemas. */
export interface Counterexample {
  readonly value: unknown;
  /** Whose writer produces it: `old` reader with `new` writer (rolling forward the writer), or the other way round. */
  readonly writtenBy: 'old' | 'new';
  /** JSON pointer in the value, and what the reader says of it. */
  readonly refusedAt: string;
  readonly refusal: string;
}

/** What a rule says of a change. */
export interface Judgement {
  readonly rule: string;
  readonly verdict: Verdict;
  readonly severity: Severity;
  /** Smallest honest bump of the features concerned. */
  readonly level: Level;
  readonly subject: string;
  /** JSON pointer inside the schema concerned, for waivers and messages; '' for the whole. */
  readonly pointer?: string;
  readonly features: readonly string[];
  readonly at: Position;
  readonly related?: readonly Related[];
  /** The fact first, names in double quotes, old and new value, a full stop. */
  readonly message: string;
  readonly fix?: string;
  readonly order: Order;
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  readonly affected: readonly Affected[];
  /** Messages that are stored already (outbox, dead letters, retention, logs) can no longer be read. */
  readonly breaksStored: boolean;
  readonly counterexample?: Counterexample;
}
