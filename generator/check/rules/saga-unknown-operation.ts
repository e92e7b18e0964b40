import type { Position } from '../../diagnostics/position.js';
import type { Saga, SagaStep } from '../../model/types.js';
import { operationOf, operationsOf } from '../operation-facts.js';
import type { Rule } from '../rule.js';
import { spokenStep, stepSubject, stepsOf } from '../saga-steps.js';
import { meant } from '../wording.js';

/** Operations of steps, compensations and queries, and of triggers. Providers without OpenAPI are not judged here. */
export const sagaUnknownOperation: Rule = {
  id: 'saga-unknown-operation',
  severity: 'error',
  title: 'Every operation that a saga calls exists.',
  why: 'A forward step that cannot be called fails every run; a compensation that cannot be called is found out on the day it is needed.',
  fix: 'Correct the name, or add the operation to the OpenAPI document.',
  requirements: ['TD-95', 'DH-39'],
  *check(model) {
    for (const { saga, step } of stepsOf(model)) {
      for (const use of usesOf(saga, step)) {
        const known = operationsOf(model, use.service).map((operation) => operation.id);
        if (known.length === 0 || operationOf(model, use.service, use.id) !== undefined) continue;
        yield {
          at: use.at,
          message: `${use.what} calls "${use.id}", which the OpenAPI document of "${use.service}" does not have.`,
          subject: `${stepSubject(saga, step)} operation:${use.id}`,
          fix: meant(use.id, known, `add operationId: ${use.id} to the document of "${use.service}"`),
        };
      }
    }
    for (const saga of model.sagas.values()) {
      const { trigger } = saga;
      const known = operationsOf(model, saga.orchestrator ?? '').map((operation) => operation.id);
      if (trigger?.kind !== 'operation' || known.length === 0 || known.includes(trigger.name)) continue;
      yield {
        at: trigger.at,
        message: `saga "${saga.name}" starts with operation "${trigger.name}", which the OpenAPI document of "${saga.orchestrator}" does not have.`,
        subject: `saga:${saga.name} trigger`,
        fix: meant(trigger.name, known, `add operationId: ${trigger.name} to the document of "${saga.orchestrator}"`),
      };
    }
  },
};

function* usesOf(saga: Saga, step: SagaStep): Iterable<{ service: string; id: string; what: string; at: Position }> {
  const service = step.service ?? saga.orchestrator ?? '';
  const what = spokenStep(saga, step);
  if (step.action.kind === 'operation') yield { service, id: step.action.name, what, at: step.at };
  if (step.query !== undefined) yield { service, id: step.query, what: `the query of ${what}`, at: step.at };
  const undo = step.compensate;
  if (undo?.action.kind !== 'operation') return;
  yield { service: undo.service ?? service, id: undo.action.name, what: `the compensation of ${what}`, at: undo.at };
}
