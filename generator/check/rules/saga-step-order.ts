import type { Rule } from '../rule.js';
import { halvesOf, hasEffect, spokenStep, stepSubject } from '../saga-steps.js';

/** Retriable and best-effort steps with effects before the pivot, and a second pivot. */
export const sagaStepOrder: Rule = {
  id: 'saga-step-order',
  severity: 'error',
  title: 'What can be taken back comes before the pivot, what goes through in the end after it.',
  why: 'What a retriable or best-effort step does before the pivot stays when a later step fails: nothing takes it back. A second pivot would have to be undone.',
  fix: 'Move the step behind the pivot, or give it `compensate`.',
  requirements: ['SE-19', 'DH-47'],
  *check(model) {
    for (const saga of model.sagas.values()) {
      const { before, pivot, after } = halvesOf(saga);
      if (pivot === undefined) continue;
      for (const step of before) {
        const isLate =
          step.kind === 'retriable' ||
          (step.kind === 'best-effort' && hasEffect(model, { ...step, kind: 'retriable' }));
        if (!isLate || step.compensate !== undefined) continue;
        yield {
          at: step.at,
          message: `${spokenStep(saga, step)} is ${step.kind} and comes before the pivot "${pivot.id}".`,
          subject: stepSubject(saga, step),
          related: [{ at: pivot.at, message: 'the pivot' }],
          fix: `move it behind "${pivot.id}", or write compensate and kind: compensatable.`,
        };
      }
      for (const step of after) {
        if (step.kind !== 'pivot') continue;
        yield {
          at: step.at,
          message: `${spokenStep(saga, step)} is a second pivot, after "${pivot.id}".`,
          subject: stepSubject(saga, step),
          related: [{ at: pivot.at, message: 'the first pivot' }],
          fix: 'write kind: retriable.',
        };
      }
    }
  },
};
