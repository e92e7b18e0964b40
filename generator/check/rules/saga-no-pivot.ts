import type { Rule } from '../rule.js';
import { hasEffect } from '../saga-steps.js';

/** Sagas of two steps with effects or more and no `kind: pivot`. */
export const sagaNoPivot: Rule = {
  id: 'saga-no-pivot',
  severity: 'warning',
  title: 'A saga names the step after which it goes forward only.',
  why: 'Without a pivot nobody knows when the customer may be told: each step may still be taken back, or may not, and a late failure undoes what was promised.',
  fix: 'Mark the deciding step `kind: pivot`.',
  requirements: ['SE-19', 'TD-95'],
  *check(model) {
    for (const saga of model.sagas.values()) {
      const effects = saga.steps.filter((step) => hasEffect(model, step));
      if (effects.length < 2 || saga.steps.some((step) => step.kind === 'pivot')) continue;
      yield {
        at: saga.at,
        message: `saga "${saga.name}" has ${effects.length} steps with effects and no pivot.`,
        subject: `saga:${saga.name}`,
        fix: `write kind: pivot at the step that decides, such as "${effects.at(-1)?.id}".`,
      };
    }
  },
};
