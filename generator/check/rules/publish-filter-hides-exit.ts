import { problemsOf } from '../expression-problems.js';
import { expressionsOf } from '../expressions.js';
import type { Rule } from '../rule.js';

/** Looks at `publish_when`: a filter on the new state that never asks for the state before. One that is wrong in itself is told of by `expression-invalid` alone. */
export const publishFilterHidesExit: Rule = {
  id: 'publish-filter-hides-exit',
  severity: 'warning',
  title: 'A publish filter lets the change pass by which a row leaves it.',
  why: 'A row that stops matching is not published any more, its last change included: the copies keep the state in which it still matched, for ever.',
  fix: 'Ask for the state before as well.',
  requirements: ['EP-29'],
  *check(model) {
    const wrong = new Set(
      [...expressionsOf(model)].filter((each) => problemsOf(model, each).length > 0).map((each) => each.expression),
    );
    for (const entity of model.entities.values()) {
      const filter = entity.publishWhen;
      if (
        filter === undefined ||
        wrong.has(filter) ||
        entity.consumers.length === 0 ||
        /\bprevious\b/.test(filter.text)
      )
        continue;
      const [field] = /\bentityData\.([A-Za-z_]\w*)/.exec(filter.text)?.slice(1) ?? [];
      if (field === undefined) continue;
      yield {
        at: filter.at,
        message: `the filter of "${entity.name}" reads "${field}" of the new state only, so the change that makes it false is never published.`,
        subject: `entity:${entity.name} publish_when`,
        fix: `add || previous.${field} to the filter, compared in the same way as entityData.${field}.`,
      };
    }
  },
};
