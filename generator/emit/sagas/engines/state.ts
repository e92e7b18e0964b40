import type { SagaPlan, SagaStepPlan } from '../../../../runtime/saga/plan.js';

/** A state of the Amazon States Language: https://states-language.net/spec.html */
export type State = Readonly<Record<string, unknown>>;

/** What a state is to do. */
export type Duty =
  | {
      readonly kind: 'do' | 'ask' | 'tell' | 'undo';
      readonly plan: SagaPlan;
      readonly step: SagaStepPlan;
      readonly index: number;
    }
  | { readonly kind: 'completed' | 'compensated'; readonly plan: SagaPlan };

export type TaskOf = (duty: Duty) => State;

/** A reference path; names that are no identifiers stand in brackets. */
export function path(steps: readonly string[]): string {
  const [root = '$', ...rest] = steps;
  return (
    root +
    rest.map((step) => (/^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `['${step.replace(/[\\']/g, '\\$&')}']`)).join('')
  );
}

/** Clean answers of the other side: it says no, and has done nothing. */
export const refusals = [
  'SagaRefused',
  ...[400, 402, 403, 404, 405, 409, 410, 412, 422].map((code) => `States.Http.StatusCode.${code}`),
];
