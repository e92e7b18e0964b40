import type { Rule } from '../rule.js';

/** Unquoted `{like-this}`, which YAML reads as a mapping with one empty value. */
export const templatePlaceholder: Rule = {
  id: 'template-placeholder',
  severity: 'warning',
  title: 'Placeholders of a template are filled in.',
  why: 'The feature is filed under the name of its folder and a placeholder service is left out: the contract says less than it seems to.',
  fix: 'Write the name.',
  requirements: ['TD-48'],
  *check(model) {
    for (const feature of model.features.values()) {
      for (const { text, at } of feature.placeholders) {
        yield {
          at,
          message: `"${text}" is a placeholder that was not filled in.`,
          subject: `feature:${feature.name} placeholder:${text}`,
          fix: text === '{feature-name}' ? `write name: ${feature.name}.` : 'write the name.',
        };
      }
    }
  },
};
