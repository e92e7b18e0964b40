import { counted, oneLine } from '../reporter.js';
import type { BreakingRun } from './run.js';

export interface Counts {
  readonly breaking: number;
  readonly unknown: number;
  readonly notices: number;
  readonly waived: number;
  readonly safe: number;
}

export function countsOf({ comparisons }: BreakingRun): Counts {
  const impacts = comparisons.flatMap(({ impact }) => impact ?? []);
  const judged = impacts.flatMap(({ judgements }) => judgements);
  const count = (verdict: string): number => judged.filter((judgement) => judgement.verdict === verdict).length;
  return {
    breaking: count('breaking'),
    unknown: count('unknown'),
    notices: count('notice'),
    waived: impacts.reduce((sum, { waived }) => sum + waived.length, 0),
    safe: impacts.reduce((sum, { safe }) => sum + safe, 0),
  };
}

/** `1 breaking, 1 unproven, 2 safe changes`; `no changes`. */
export function countsText({ breaking, unknown, notices, waived, safe }: Counts): string {
  const parts = [
    [breaking, `${breaking} breaking`],
    [unknown, `${unknown} unproven`],
    [waived, `${waived} accepted`],
    [notices, counted(notices, 'notice')],
    [safe, `${safe} safe ${safe === 1 ? 'change' : 'changes'}`],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([, text]) => text);
  return said.length === 0 ? 'no changes' : said.join(', ');
}

/** The last line of a report: what was found, and of which workspaces nothing is known. */
export function summaryText(run: BreakingRun): string {
  const { comparisons } = run;
  const unknown = comparisons.filter(({ impact, isNew }) => impact === undefined && !isNew);
  const against = againstText(run);
  const compared = against === '' ? '' : `, compared with ${oneLine(against)}`;
  if (unknown.length === 0) return `${countsText(countsOf(run))}${compared}`;
  if (unknown.length === comparisons.length)
    return `nothing could be compared${against && ` with ${oneLine(against)}`}`;
  const systems = unknown.map(({ system }) => `"${oneLine(system)}"`).join(', ');
  return `${countsText(countsOf(run))}${compared}; ${systems} could not be compared`;
}

/** `main@3f2c9aa (where this branch left main)`, each revision once. */
export function againstText({ comparisons }: BreakingRun): string {
  const names = comparisons.map(({ against, note }) => (note === undefined ? against : `${against} (${note})`));
  return [...new Set(names)].join(', ');
}
