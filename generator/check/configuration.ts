import type { Finding } from '../diagnostics/finding.js';
import { type Position, startOf } from '../diagnostics/position.js';
import type { Model } from '../model/types.js';
import type { Rule } from './rule.js';
import { meant } from './wording.js';

/** Findings that the check makes about its own configuration; they can be given a severity or switched off like those of rules. */
export const configurationRules = {
  'acceptance-expired': 'The day after which an acceptance ends has passed; the finding counts again.',
  'acceptance-unused': 'An acceptance matches no finding: what it excused is gone, or its subject is misspelt.',
  'rule-unknown': '`rules:` or `accept:` of seamwright.yaml names a rule that does not exist.',
} as const;

/** Gives findings the severities of `rules:`; those switched off disappear. */
export function configured(findings: readonly Finding[], model: Model): readonly Finding[] {
  return findings.flatMap((finding) => {
    const level = model.settings.rules[finding.rule];
    if (level === undefined) return [finding];
    return level === 'off' ? [] : [{ ...finding, severity: level }];
  });
}

/** Names under `rules:` that no rule bears: a typo there would leave a rule on that was meant to be off. */
export function unknownRules(model: Model, rules: readonly Rule[]): readonly Finding[] {
  const known = [...rules.map((rule) => rule.id), ...Object.keys(configurationRules)];
  return Object.keys(model.settings.rules)
    .filter((id) => !known.includes(id))
    .map((id) => ({
      rule: 'rule-unknown',
      severity: 'warning',
      message: `"rules" sets the severity of "${id}", which is no rule.`,
      at: settingsPlace(model, `/rules/${id}`),
      subject: `rule:${id}`,
      fix: meant(id, known, 'take the line out'),
    }));
}

/** Where a key of seamwright.yaml stands; `pointer` is a JSON pointer. */
export function settingsPlace(model: Model, pointer: string): Position {
  const [path] = [...model.files].find(([, name]) => /(^|\/)seamwright\.ya?ml$/.test(name)) ?? [];
  return path === undefined ? startOf('seamwright.yaml') : model.locate({ file: path, pointer });
}
