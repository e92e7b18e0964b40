import type { SagaAction, SagaPlan, SagaStepPlan, SagaValue } from './plan.js';

/** Place of the step after which there is no way back; the number of steps when there is none. */
export function pivotOf({ steps }: SagaPlan): number {
  const found = steps.findIndex(({ kind }) => kind === 'pivot');
  return found === -1 ? steps.length : found;
}

/** Place of a step; -1 when the plan has none of this name. */
export function placeIn({ steps }: SagaPlan, step: string): number {
  return steps.findIndex(({ id }) => id === step);
}

export function stepOf({ steps }: SagaPlan, step: string): SagaStepPlan | undefined {
  return steps.find(({ id }) => id === step);
}

/** Ends with a message of somebody else. */
export function isAwaited(action: SagaAction): boolean {
  if (action.kind === 'receive') return true;
  if (action.kind !== 'send' && action.kind !== 'publish') return false;
  return action.succeeds.length + action.fails.length > 0;
}

/** It may have happened although nobody has said so. A local function commits with the record of it, and who only listens has done nothing. */
export function mayBeInDoubt({ action }: SagaStepPlan): boolean {
  return action.kind === 'call' || (action.kind !== 'receive' && isAwaited(action));
}

/** The compensation says something that only the step's answer tells: without an answer it cannot be made. */
export function undoNeedsOutputs({ id, outputs, compensate }: SagaStepPlan): boolean {
  if (compensate === undefined) return false;
  const { action, key } = compensate;
  const values = [key ?? null, ...('with' in action ? Object.values(action.with) : [])];
  return values.some((value) => mentions(value, id, Object.keys(outputs)));
}

function mentions(value: SagaValue, step: string, names: readonly string[]): boolean {
  if (typeof value === 'string') {
    const [first = ''] = value.slice(1).split('.');
    return value.startsWith(`$steps.${step}.outputs.`) || (value.startsWith('$') && names.includes(first));
  }
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner: SagaValue) => mentions(inner, step, names));
}
