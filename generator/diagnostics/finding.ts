import { comparePositions, type Position } from './position.js';

export type Severity = 'error' | 'warning' | 'info';

/** A second place that belongs to a finding, such as the other owner of an entity. */
export interface Related {
  readonly at: Position;
  readonly message: string;
}

/**
 * The one result type of every check, from a YAML mistake to a breaking change.
 *
 * `message` states the fact first with names in double quotes and ends in a full stop; `fix` is the next step, starting with a verb.
 * `subject` is the stable identity that `accept` entries refer to, such as `entity:Employee`.
 * A finding whose rule starts with `load-` or equals `yaml-syntax` or `schema` means that the input could not be read: exit code 2.
 */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly at: Position;
  readonly subject?: string;
  readonly fix?: string;
  readonly related?: readonly Related[];
  /** True when the input is unreadable or breaks the language schema, so that nothing after loading can be trusted. */
  readonly unreadable?: boolean;
}

/** Errors first within a file, then by position, then by rule: the order in which reports print. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    comparePositions(a.at, b.at) ||
    rank(a.severity) - rank(b.severity) ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
  );
}

function rank(severity: Severity): number {
  return severity === 'error' ? 0 : severity === 'warning' ? 1 : 2;
}

/** True when something stands in the way of writing anything. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error' || finding.unreadable);
}
