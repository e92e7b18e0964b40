import type { Model, Saga, SagaStep } from '../../model/types.js';
import type { Rule } from '../rule.js';
import { hasEffect, spokenStep, stepSubject, stepsOf } from '../saga-steps.js';

/** Steps that call another service. Retriable steps repeat by nature and best-effort ones may be lost; both need no answer to the question. */
export const sagaUnknownOutcome: Rule = {
  id: 'saga-unknown-outcome',
  severity: 'error',
  title: 'A step says what happens when nobody knows whether it happened.',
  why: 'A timeout is no failure: the card may be charged. Compensating at once refunds what was never charged; failing at once keeps the money.',
  fix: 'Write `on_unknown: query` with the operation to ask, or `retry-same-key` with an idempotency key.',
  requirements: ['DH-44', 'SE-04'],
  *check(model) {
    for (const { saga, step } of stepsOf(model)) {
      const gap = gapOf(model, saga, step);
      if (gap === undefined) continue;
      yield {
        at: step.at,
        message: `${spokenStep(saga, step)} ${gap.fact}.`,
        subject: stepSubject(saga, step),
        fix: gap.fix,
      };
    }
  },
};

function gapOf(model: Model, saga: Saga, step: SagaStep): { readonly fact: string; readonly fix: string } | undefined {
  const remote = step.action.kind === 'operation' && step.service !== undefined && step.service !== saga.orchestrator;
  if (!remote || step.kind === 'retriable' || !hasEffect(model, step)) return undefined;
  if (step.onUnknown === undefined) {
    return {
      fact: `calls "${step.action.name}" of "${step.service}" and does not say what a timeout means`,
      fix: 'write on_unknown: query with query: <operation that tells the outcome>, or on_unknown: retry-same-key.',
    };
  }
  if (step.onUnknown === 'query' && step.query === undefined) {
    return {
      fact: 'asks for the outcome (on_unknown: query) but names no operation to ask',
      fix: 'write query: <operationId>.',
    };
  }
  if (step.onUnknown === 'retry-same-key' && step.idempotencyKey === undefined) {
    return {
      fact: 'repeats with the same key (on_unknown: retry-same-key) but has no idempotency key',
      fix: 'write idempotency_key: <field that names the fact>.',
    };
  }
  return undefined;
}
