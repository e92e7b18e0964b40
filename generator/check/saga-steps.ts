import type { Model, Saga, SagaStep } from '../model/types.js';
import { isRead, operationOf } from './operation-facts.js';

/** The steps before and after the pivot; without one every step but the last counts as before it. */
export interface SagaHalves {
  readonly before: readonly SagaStep[];
  readonly pivot?: SagaStep;
  readonly after: readonly SagaStep[];
}

/** Splits a saga at its first pivot: before it everything can be taken back, after it everything must go through. */
export function halvesOf(saga: Saga): SagaHalves {
  const index = saga.steps.findIndex((step) => step.kind === 'pivot');
  const pivot = saga.steps[index];
  if (pivot === undefined) return { before: saga.steps.slice(0, -1), after: [] };
  return { before: saga.steps.slice(0, index), pivot, after: saga.steps.slice(index + 1) };
}

/** Whether a step changes something that a failed saga would have to take back. */
export function hasEffect(model: Model, step: SagaStep): boolean {
  if (step.kind === 'query' || step.kind === 'best-effort' || step.action.kind === 'receive') return false;
  if (step.action.kind === 'none') return false;
  const operation =
    step.action.kind === 'operation' ? operationOf(model, step.service ?? '', step.action.name) : undefined;
  return operation === undefined || !isRead(operation);
}

/** Stable identity of a step for `accept`. */
export function stepSubject(saga: Saga, step: SagaStep): string {
  return `saga:${saga.name} step:${step.id}`;
}

/** `step "charge" of saga "checkout"`. */
export function spokenStep(saga: Saga, step: SagaStep): string {
  return `step "${step.id}" of saga "${saga.name}"`;
}

/** Every saga with every step. */
export function stepsOf(model: Model): readonly { readonly saga: Saga; readonly step: SagaStep }[] {
  return [...model.sagas.values()].flatMap((saga) => saga.steps.map((step) => ({ saga, step })));
}
