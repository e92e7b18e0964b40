/** What may happen to a run. */
export type SagaEventKind =
  | 'succeeded'
  | 'failed'
  | 'unknown'
  | 'found'
  | 'not-found'
  | 'undone'
  | 'undo-failed'
  | 'timed-out'
  | 'late-success'
  | 'undo-asked'
  | 'retried'
  | 'resolved';

/** What a transition asks for; `step` names one of the plan. */
export type SagaOrder =
  | { readonly order: 'do' | 'ask' | 'undo'; readonly step: string }
  | { readonly order: 'announce'; readonly of: string }
  | { readonly order: 'alert' };

/** `completed`, `compensated`, `stuck`, or `<do|ask|undo>:<step>`. */
export type SagaStateName = string;

/** One row: in `state`, `event` leads to `next` and asks for `orders`, in this order. */
export interface SagaTransition {
  readonly state: SagaStateName;
  readonly event: SagaEventKind;
  readonly next: SagaStateName;
  readonly orders: readonly SagaOrder[];
}

/** All rows of a saga. What no row names is journalled and changes nothing. */
export type SagaTable = readonly SagaTransition[];
