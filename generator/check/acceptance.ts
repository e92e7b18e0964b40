import type { Finding } from '../diagnostics/finding.js';
import type { Model } from '../model/types.js';
import { configurationRules } from './configuration.js';
import type { Rule } from './rule.js';
import { meant } from './wording.js';

type Acceptance = Model['settings']['accept'][number];

/** A finding that the workspace lives with, and why. */
export interface Accepted {
  readonly finding: Finding;
  readonly reason: string;
  readonly until?: string;
}

/**
 * Splits findings into those that count and those that `accept` entries excuse.
 *
 * An entry matches findings of its rule with its subject; without a subject, all of the rule. It holds up to and including the day `until`.
 */
export function applyAcceptances(
  found: readonly Finding[],
  entries: readonly Acceptance[],
  rules: readonly Rule[],
  today: string,
): { readonly findings: readonly Finding[]; readonly accepted: readonly Accepted[] } {
  const findings: Finding[] = [];
  const accepted: Accepted[] = [];
  for (const finding of found) {
    const entry = entries.find((each) => matches(each, finding) && !expired(each, today));
    if (entry === undefined) findings.push(finding);
    else accepted.push({ finding, reason: entry.reason, ...(entry.until === undefined ? {} : { until: entry.until }) });
  }
  for (const entry of entries) findings.push(...complaintsAbout(entry, found, rules, today));
  return { findings, accepted };
}

function matches(entry: Acceptance, finding: Finding): boolean {
  return entry.rule === finding.rule && (entry.subject === undefined || entry.subject === finding.subject);
}

function expired(entry: Acceptance, today: string): boolean {
  return entry.until !== undefined && entry.until < today;
}

function complaintsAbout(
  entry: Acceptance,
  found: readonly Finding[],
  rules: readonly Rule[],
  today: string,
): readonly Finding[] {
  const what = entry.subject === undefined ? `"${entry.rule}"` : `"${entry.rule}" for "${entry.subject}"`;
  const complaint = (rule: string, message: string, fix: string): Finding => ({
    rule,
    severity: 'warning',
    message,
    at: entry.at,
    subject: `accept:${entry.rule}${entry.subject === undefined ? '' : ` ${entry.subject}`}`,
    fix,
  });
  if (!rules.some((rule) => rule.id === entry.rule)) {
    const known = [...rules.map((rule) => rule.id), ...Object.keys(configurationRules)];
    return [
      complaint(
        'rule-unknown',
        `"accept" excuses findings of "${entry.rule}", which is no rule.`,
        meant(entry.rule, known, 'take the entry out'),
      ),
    ];
  }
  const matching = found.filter((finding) => matches(entry, finding));
  if (matching.length === 0) {
    const subjects = [
      ...new Set(found.filter((each) => each.rule === entry.rule).flatMap((each) => each.subject ?? [])),
    ];
    const fix = meant(entry.subject ?? '', subjects, 'take the entry out');
    return [complaint('acceptance-unused', `the acceptance of ${what} matches no finding.`, fix)];
  }
  if (!expired(entry, today)) return [];
  const message = `the acceptance of ${what} ended on ${entry.until}; ${matching.length === 1 ? 'its finding counts' : `its ${matching.length} findings count`} again.`;
  return [complaint('acceptance-expired', message, 'repair what was excused, or set a new "until" with a reason.')];
}
