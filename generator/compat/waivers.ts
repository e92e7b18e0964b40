import type { Finding } from '../diagnostics/finding.js';
import { nearest } from '../diagnostics/nearest.js';
import type { Feature, Model } from '../model/types.js';
import { changeName } from './change-name.js';
import type { Judgement } from './judgement.js';
import type { Revisions } from './rule.js';

type Entry = Feature['acceptBreaking'][number];

/** A judgement that a feature has agreed to live with. */
export interface Waived {
  readonly judgement: Judgement;
  readonly feature: string;
  readonly reason: string;
  readonly until?: string;
  readonly approvedBy?: string;
}

export interface Waivers {
  /** Judgements that count. */
  readonly counting: readonly Judgement[];
  readonly waived: readonly Waived[];
  /** `waiver-unused`, `waiver-expired`, `waiver-invalid`: the list of exceptions cannot rot. */
  readonly findings: readonly Finding[];
}

/**
 * Takes out what `accept_breaking` of a feature concerned names, up to and including the day `until`; `today` is `YYYY-MM-DD`.
 *
 * An entry excuses exactly the one change it names, as printed or without the kind of the subject (`EmployeeChanged` for `message:EmployeeChanged`).
 * Safe changes and notices need no excuse: an entry for one is unused.
 */
export function applyWaivers(judgements: readonly Judgement[], revisions: Revisions, today: string): Waivers {
  const entries = [...revisions.after.features.values()].flatMap((feature) =>
    feature.acceptBreaking.map((entry) => ({ feature: feature.name, entry })),
  );
  const waived: Waived[] = [];
  const counting: Judgement[] = [];
  for (const judgement of judgements) {
    const found = entries.find(
      ({ feature, entry }) => holds(entry, today) && names(entry, judgement) && judgement.features.includes(feature),
    );
    if (found === undefined) counting.push(judgement);
    else waived.push(waivedBy(judgement, found.feature, found.entry));
  }
  const findings = entries.flatMap(({ feature, entry }) =>
    complaints(feature, entry, judgements, revisions.before, today),
  );
  return { counting, waived, findings };
}

function waivedBy(judgement: Judgement, feature: string, { reason, until, approvedBy }: Entry): Waived {
  return {
    judgement,
    feature,
    reason,
    ...(until === undefined ? {} : { until }),
    ...(approvedBy === undefined ? {} : { approvedBy }),
  };
}

function names(entry: Entry, judgement: Judgement): boolean {
  if (judgement.verdict !== 'breaking' && judgement.verdict !== 'unknown') return false;
  const written = entry.change.trim().replace(/\s+/g, ' ');
  return written === changeName(judgement) || written === withoutKinds(changeName(judgement));
}

/** `entity:Employee copy:surveys` -> `Employee surveys`; the rule in front has no kind. */
function withoutKinds(name: string): string {
  return name.replace(/ [a-z-]+:(?=\S)/g, ' ');
}

function isDay(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text);
}

function holds({ until }: Entry, today: string): boolean {
  return until === undefined || (isDay(until) && until >= today);
}

function complaints(
  feature: string,
  entry: Entry,
  judgements: readonly Judgement[],
  before: Model,
  today: string,
): readonly Finding[] {
  const complaint = (rule: string, severity: Finding['severity'], message: string, fix: string): readonly Finding[] => [
    { rule, severity, message, at: entry.at, subject: `feature:${feature} waiver:${entry.change}`, fix },
  ];
  if (entry.until !== undefined && !isDay(entry.until))
    return complaint(
      'waiver-invalid',
      'error',
      `"until: ${entry.until}" is no day, so the waiver of "${entry.change}" does not count.`,
      'write the last day as YYYY-MM-DD.',
    );
  const named = judgements.filter((judgement) => names(entry, judgement));
  if (named.length === 0) {
    const old = before.features.get(feature)?.acceptBreaking.some(({ change }) => change === entry.change) ?? false;
    const known = judgements.map(changeName);
    const meant =
      nearest(entry.change, known) ?? known.find((name) => name.startsWith(`${entry.change.split(' ')[0]} `));
    // The change it excused has been shipped: the entry did its work.
    return old && meant === undefined
      ? complaint('waiver-unused', 'info', `the waiver of "${entry.change}" has done its work.`, 'take the entry out.')
      : complaint(
          'waiver-unused',
          'warning',
          `the waiver of "${entry.change}" excuses nothing.`,
          meant === undefined ? 'take the entry out.' : `did you mean "${meant}"?`,
        );
  }
  if (!named.some((judgement) => judgement.features.includes(feature))) {
    const owner = named[0]?.features[0] ?? '';
    const message = `feature "${feature}" cannot waive "${entry.change}", which is a change of "${owner}".`;
    return complaint('waiver-unused', 'warning', message, `move the entry to "${owner}".`);
  }
  if (entry.until === undefined || entry.until >= today) return [];
  return complaint(
    'waiver-expired',
    'error',
    `the waiver of "${entry.change}" ended on ${entry.until}; the change counts again.`,
    'repair the change, or agree on a new day.',
  );
}
