import type { SagaStepPlan } from './plan.js';
import { readValue, type SagaFacts } from './saga-value.js';

/** Idempotency key of a step: the same for every try. */
export function stepKey({ id, key }: SagaStepPlan, facts: SagaFacts): string {
  return textOr(key === undefined ? undefined : readValue(key, facts), `${facts.id}:${id}`);
}

/** Key of a compensation: another one for each round, since whoever remembers the first would do nothing in the second. */
export function undoKey({ id, compensate }: SagaStepPlan, facts: SagaFacts, round: number): string {
  const { key } = compensate ?? {};
  const first = textOr(key === undefined ? undefined : readValue(key, facts), `${facts.id}:${id}:undo`);
  return round < 2 ? first : `${first}:${round}`;
}

function textOr(value: unknown, otherwise: string): string {
  return value === undefined || value === null || value === '' ? otherwise : String(value);
}
