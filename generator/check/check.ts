import type { Finding } from '../diagnostics/finding.js';
import { compareFindings } from '../diagnostics/finding.js';
import { withSeverities } from '../diagnostics/severities.js';
import type { Model } from '../model/types.js';
import { type Accepted, applyAcceptances } from './acceptance.js';
import { unknownRules } from './configuration.js';
import { rules as registered } from './registry.js';
import type { Rule } from './rule.js';

export interface CheckOptions {
  /** Today as `YYYY-MM-DD`: acceptances end after their day. Passed in so that a check of the same files on the same day is the same. */
  readonly today: string;
  /** Default: every registered rule. */
  readonly rules?: readonly Rule[];
  /** Ids that `rules:` may name although no rule here bears them: those about changes. */
  readonly otherRules?: readonly string[];
}

export interface Checked {
  /** In the order of reports: by file, place, severity. */
  readonly findings: readonly Finding[];
  /** What `accept` entries hid, with their reasons. */
  readonly accepted: readonly Accepted[];
  /** How many rules ran; those switched off are not counted. */
  readonly rules: number;
}

/**
 * Judges a model by every rule that the workspace has not switched off.
 *
 * Severities come from `rules:` of seamwright.yaml, else from the violation, else from the rule. Accepted findings are taken out; an acceptance that
 * has expired or matches nothing is a finding itself, so that the list of exceptions cannot rot.
 */
export function check(model: Model, options: CheckOptions): Checked {
  const all = options.rules ?? registered;
  const running = all.filter((rule) => model.settings.rules[rule.id] !== 'off');
  const found = running.flatMap((rule) => findingsOf(rule, model));
  const { findings, accepted } = applyAcceptances(found, model.settings.accept, all, options.today);
  return {
    findings: [
      ...withSeverities([...unknownRules(model, all, options.otherRules ?? []), ...findings], model.settings.rules),
    ].sort(compareFindings),
    accepted,
    rules: running.length,
  };
}

function findingsOf(rule: Rule, model: Model): readonly Finding[] {
  return [...rule.check(model)].map(({ fix = rule.fix, severity = rule.severity, ...violation }) => ({
    rule: rule.id,
    severity,
    ...violation,
    fix,
  }));
}
