import type { CorpusDocument, Kind } from './documents.js';
import type { Attempt } from './generate.js';

export interface Outcome {
  readonly document: CorpusDocument;
  readonly attempt: Attempt;
  readonly errors: readonly string[];
}

/** Shares by kind, every failure with its reasons, the slowest documents. */
export function report(outcomes: readonly Outcome[]): string {
  const lines = (['asyncapi', 'openapi'] as const).flatMap((kind) => shareOf(kind, outcomes));
  const failures = outcomes.filter((outcome) => outcome.document.rejected === undefined && !passes(outcome));
  const oddities = outcomes.filter(
    ({ document, attempt }) => document.rejected !== undefined && attempt.crashed !== undefined,
  );
  const slowest = [...outcomes].sort((a, b) => b.attempt.durationMs - a.attempt.durationMs).slice(0, 10);
  return [
    ...failures.flatMap((outcome) => [`FAIL ${outcome.document.kind} ${outcome.document.name}`, ...reasons(outcome)]),
    ...oddities.flatMap((outcome) => [`CRASH on an invalid document: ${outcome.document.name}`, ...reasons(outcome)]),
    '',
    'slowest:',
    ...slowest.map(
      ({ document, attempt }) => `${(attempt.durationMs / 1000).toFixed(1).padStart(6)} s  ${document.name}`,
    ),
    '',
    ...lines,
  ].join('\n');
}

export function passes({ attempt, errors }: Outcome): boolean {
  return attempt.crashed === undefined && attempt.refused === undefined && errors.length === 0;
}

function shareOf(kind: Kind, outcomes: readonly Outcome[]): readonly string[] {
  const valid = outcomes.filter(({ document }) => document.kind === kind && document.rejected === undefined);
  const invalid = outcomes.filter(({ document }) => document.kind === kind && document.rejected !== undefined);
  if (valid.length + invalid.length === 0) return [];
  const passed = valid.filter(passes).length;
  const share = valid.length === 0 ? '-' : `${((100 * passed) / valid.length).toFixed(1)} %`;
  const refused = invalid.filter(({ attempt }) => attempt.refused !== undefined).length;
  return [
    `${kind}: ${passed} of ${valid.length} valid documents pass (${share})` +
      (invalid.length === 0 ? '' : `; of ${invalid.length} invalid ones ${refused} are refused with a finding`),
  ];
}

function reasons({ attempt, errors }: Outcome): readonly string[] {
  const why = [
    ...(attempt.crashed === undefined ? [] : attempt.crashed.split('\n').slice(0, 4)),
    ...first(attempt.refused ?? []),
    ...first(errors),
  ];
  return why.map((line) => `       ${line.slice(0, 300)}`);
}

function first(lines: readonly string[]): readonly string[] {
  return lines.length <= 5 ? lines : [...lines.slice(0, 5), `… and ${lines.length - 5} more`];
}
