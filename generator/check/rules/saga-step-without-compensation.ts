import type { Rule } from '../rule.js';
import { halvesOf, hasEffect, spokenStep, stepSubject } from '../saga-steps.js';

/** Steps before the pivot that change something. Queries and best-effort steps need no way back, retriable ones go through. */
export const sagaStepWithoutCompensation: Rule = {
  id: 'saga-step-without-compensation',
  severity: 'error',
  title: 'Every step before the pivot can be taken back.',
  why: 'When a later step fails, what this step did stays: a charged card without an order, a reserved item that nobody releases.',
  fix: 'Write `compensate`.',
  requirements: ['TD-95', 'TD-97', 'SE-19'],
  *check(model) {
    for (const saga of model.sagas.values()) {
      for (const step of halvesOf(saga).before) {
        if (step.compensate !== undefined || step.kind === 'retriable' || !hasEffect(model, step)) continue;
        yield {
          at: step.at,
          message: `${spokenStep(saga, step)} comes before the pivot and cannot be taken back.`,
          subject: stepSubject(saga, step),
          fix: `write compensate: { operationId: <operation that takes it back> }, or kind: query if it changes nothing.`,
        };
      }
    }
  },
};
