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

/**
 * Names under `rules:` that no rule bears: a typo there would leave a rule on that was meant to be off.
 *
 * @param others rules that are not about a model, but may be set all the same
 */
export function unknownRules(model: Model, rules: readonly Rule[], others: readonly string[]): readonly Finding[] {
  const known = [...rules.map((rule) => rule.id), ...Object.keys(configurationRules), ...others];
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
