import type { Rule } from '../rule.js';
import { halvesOf, spokenStep, stepSubject } from '../saga-steps.js';

/** Steps after the pivot with `compensate` or `kind: compensatable`, and a pivot with `compensate`. */
export const sagaCompensationAfterPivot: Rule = {
  id: 'saga-compensation-after-pivot',
  severity: 'error',
  title: 'After the pivot nothing is taken back.',
  why: 'After the pivot the saga only goes forward, so this compensation never runs: whoever relies on it relies on nothing.',
  fix: 'Make the step retriable, or move it before the pivot.',
  requirements: ['SE-19'],
  *check(model) {
    for (const saga of model.sagas.values()) {
      const { pivot, after } = halvesOf(saga);
      if (pivot === undefined) continue;
      for (const step of [pivot, ...after]) {
        if (step.compensate === undefined && step.kind !== 'compensatable') continue;
        const where = step === pivot ? 'is the pivot' : `comes after the pivot "${pivot.id}"`;
        yield {
          at: step.compensate?.at ?? step.at,
          message: `${spokenStep(saga, step)} ${where} and has a compensation, which never runs.`,
          subject: stepSubject(saga, step),
          related: step === pivot ? [] : [{ at: pivot.at, message: 'the pivot' }],
          fix: `take compensate out and write ${step === pivot ? 'it at the step before' : 'kind: retriable'}, or move the step before the pivot.`,
        };
      }
    }
  },
};
