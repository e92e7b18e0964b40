import type { SagaPlan, SagaStepPlan } from './plan.js';
import { isAwaited, mayBeInDoubt, pivotOf, undoNeedsOutputs } from './plan-facts.js';

/** What a row of a table is about. The first group comes from outside, the second is what `transition` makes of it. */
export type SagaEventKind =
  | 'started'
  /** The step has happened. */
  | 'succeeded'
  /** The step has not happened, and will not by asking again. */
  | 'failed'
  /** This try has done nothing; another one may work. */
  | 'erred'
  /** Nobody knows whether the step has happened. */
  | 'unknown'
  /** Asked, and it has not happened. */
  | 'not-found'
  | 'undone'
  | 'undo-failed'
  /** It cannot be done at all as things are, such as without the function that does it. */
  | 'blocked'
  /** The time of the run is over. */
  | 'timed-out'
  /** Another participant has failed after this run had completed. */
  | 'undo-asked'
  | 'retried'
  | 'resolved-completed'
  | 'resolved-compensated'
  // Made of those above:
  /** A step has happened that is not wanted any more. */
  | 'late-success'
  /** No try is left, and nothing has happened. */
  | 'given-up'
  /** No try is left, and something may have happened. */
  | 'unresolved'
  /** Not wanted any more, and nothing has happened. */
  | 'turned-back'
  /** Not wanted any more, and something may have happened. */
  | 'turned-back-in-doubt';

/** How a run ends by itself. */
export type SagaEnd = 'completed' | 'compensated';

/** What a transition asks for; `step` names one of the plan. */
export type SagaOrder =
  | { readonly order: 'do' | 'ask' | 'undo'; readonly step: string }
  /** What the plan announces of a step, or of the run's end. */
  | { readonly order: 'announce'; readonly of: 'step'; readonly step: string }
  | { readonly order: 'announce'; readonly of: SagaEnd }
  | { readonly order: 'alert' };

/** `new`, `completed`, `compensated`, `<do|ask|undo>:<step>`, or `stuck:` and one of the latter. */
export type SagaStateName = string;

/** One row: in `state`, `event` leads to `next` and asks for `orders`, in this order. A row that leads back to its own state with its own order is a further try. */
export interface SagaTransition {
  readonly state: SagaStateName;
  readonly event: SagaEventKind;
  readonly next: SagaStateName;
  readonly orders: readonly SagaOrder[];
}

/** All rows of a saga. What no row names is journalled and changes nothing but what is known of the step. */
export type SagaTable = readonly SagaTransition[];

/** Where a row leads. */
type Leg = Omit<SagaTransition, 'state' | 'event'>;

/**
 * Every row of a plan, by its steps alone. On the way back a row leads to the next step that has a compensation; whether that step has left anything to
 * undo is known by the run, and `transition` passes over those that have not.
 */
export function transitionTable(plan: SagaPlan): SagaTable {
  const begin: SagaTransition = { state: 'new', event: 'started', ...onwards(plan, 0) };
  return [begin, ...plan.steps.flatMap((step, index) => stepRows(plan, step, index)), ...endRows(plan)];
}

function stepRows(plan: SagaPlan, step: SagaStepPlan, index: number): SagaTable {
  const doing = `do:${step.id}`;
  const asking = `ask:${step.id}`;
  const canAsk = asksFor(step);
  return [
    ...rowsOf(doing, { ...outcomes(plan, step, index, doing), ...tries(step) }),
    ...rowsOf(`stuck:${doing}`, stuckOutcomes(plan, step, index, doing, 'do')),
    ...(canAsk ? rowsOf(asking, { ...outcomes(plan, step, index, asking), ...questions(step) }) : []),
    ...(canAsk ? rowsOf(`stuck:${asking}`, stuckOutcomes(plan, step, index, asking, 'ask')) : []),
    ...(isUndoable(plan, index) ? undoRows(plan, step, index) : []),
  ];
}

type Legs = Partial<Record<SagaEventKind, Leg | undefined>>;

function rowsOf(state: SagaStateName, legs: Legs): SagaTable {
  return (Object.entries(legs) as [SagaEventKind, Leg | undefined][]).flatMap(([event, leg]) =>
    leg === undefined ? [] : [{ state, event, ...leg }],
  );
}

/** What can come of a step, wherever it is waited for: in `here`, which is `do:` or `ask:`. */
function outcomes(plan: SagaPlan, step: SagaStepPlan, index: number, here: SagaStateName): Legs {
  const pivot = pivotOf(plan);
  const wayBack = index <= pivot;
  const goesOn = step.onFailure === 'continue' || step.kind === 'best-effort';
  const stuck = stuckIn(here);
  const back = backFrom(plan, index - 1);
  const again: Leg = { next: `do:${step.id}`, orders: [{ order: 'do', step: step.id }] };
  const repeats = step.onFailure === 'retry' || !wayBack;
  return {
    succeeded: onwards(plan, index + 1, step),
    failed: goesOn ? onwards(plan, index + 1) : repeats ? again : back,
    'given-up': goesOn ? onwards(plan, index + 1) : wayBack ? back : stuck,
    unresolved: mayBeInDoubt(step)
      ? goesOn
        ? onwards(plan, index + 1)
        : inDoubt(plan, step, index, stuck)
      : undefined,
    blocked: stuck,
    ...(index < pivot && { 'late-success': backFrom(plan, index) }),
    ...(wayBack && { 'turned-back': back }),
    ...(wayBack && mayBeInDoubt(step) && { 'turned-back-in-doubt': inDoubt(plan, step, index, learn(step, here)) }),
    ...(!wayBack && { 'timed-out': { next: here, orders: [{ order: 'alert' }] } }),
  };
}

/** Where it goes when nobody can tell whether a step happened: back, if that can be done all the same, else `otherwise`. */
function inDoubt(plan: SagaPlan, step: SagaStepPlan, index: number, otherwise: Leg): Leg {
  const pivot = pivotOf(plan);
  if (index >= pivot) return otherwise;
  if (step.compensate !== undefined) return undoNeedsOutputs(step) ? otherwise : backFrom(plan, index);
  return step.kind === 'query' || step.kind === 'best-effort' ? backFrom(plan, index - 1) : otherwise;
}

/** How to learn what came of a step that is not wanted any more. */
function learn(step: SagaStepPlan, here: SagaStateName): Leg {
  return here.startsWith('ask:') ? { next: here, orders: [{ order: 'ask', step: step.id }] } : unknown(step);
}

function unknown(step: SagaStepPlan): Leg {
  if (step.onUnknown === 'manual') return stuckIn(`do:${step.id}`);
  const order = asksFor(step) ? 'ask' : 'do';
  return { next: `${order}:${step.id}`, orders: [{ order, step: step.id }] };
}

function tries(step: SagaStepPlan): Legs {
  return {
    erred: { next: `do:${step.id}`, orders: [{ order: 'do', step: step.id }] },
    ...(mayBeInDoubt(step) && { unknown: unknown(step) }),
  };
}

function questions({ id }: SagaStepPlan): Legs {
  return {
    'not-found': { next: `do:${id}`, orders: [{ order: 'do', step: id }] },
    unknown: { next: `ask:${id}`, orders: [{ order: 'ask', step: id }] },
  };
}

/** Out of `stuck` lead an operator, and what comes in after all. */
function stuckOutcomes(
  plan: SagaPlan,
  step: SagaStepPlan,
  index: number,
  here: SagaStateName,
  order: 'do' | 'ask',
): Legs {
  const { succeeded, failed, ...rest } = outcomes(plan, step, index, here);
  return {
    succeeded,
    failed,
    ...(rest['late-success'] && { 'late-success': rest['late-success'] }),
    ...(rest['turned-back'] && { 'turned-back': rest['turned-back'] }),
    ...operator(plan, { next: here, orders: [{ order, step: step.id }] }),
  };
}

function undoRows(plan: SagaPlan, { id }: SagaStepPlan, index: number): SagaTable {
  const here = `undo:${id}`;
  const again: Leg = { next: here, orders: [{ order: 'undo', step: id }] };
  const stuck = stuckIn(here);
  const undone = backFrom(plan, index - 1);
  return [
    ...rowsOf(here, { undone, 'undo-failed': again, 'late-success': again, unresolved: stuck, blocked: stuck }),
    ...rowsOf(`stuck:${here}`, { undone, 'late-success': again, ...operator(plan, again) }),
  ];
}

function operator(plan: SagaPlan, again: Leg): Legs {
  return {
    retried: again,
    'resolved-completed': end(plan, 'completed'),
    'resolved-compensated': end(plan, 'compensated'),
  };
}

/** An end is not always the last word: what happened too late is undone, and without a pivot a completed run can be taken back. */
function endRows(plan: SagaPlan): SagaTable {
  const back = backFrom(plan, plan.steps.length - 1);
  const takenBack = pivotOf(plan) === plan.steps.length;
  return [
    ...(takenBack ? rowsOf('completed', { 'undo-asked': back }) : []),
    ...(back.next === 'compensated' ? [] : rowsOf('compensated', { 'late-success': back })),
  ];
}

/** To the step at `index`, or to the end; `done` has just succeeded. */
function onwards(plan: SagaPlan, index: number, done?: SagaStepPlan): Leg {
  const told: readonly SagaOrder[] =
    done?.announce === undefined ? [] : [{ order: 'announce', of: 'step', step: done.id }];
  const step = plan.steps[index];
  const leg: Leg =
    step === undefined ? end(plan, 'completed') : { next: `do:${step.id}`, orders: [{ order: 'do', step: step.id }] };
  return { next: leg.next, orders: [...told, ...leg.orders] };
}

/** To the last step up to `index` that can be undone, or to the end. */
function backFrom(plan: SagaPlan, index: number): Leg {
  for (let at = Math.min(index, plan.steps.length - 1); at >= 0; at--) {
    const step = plan.steps[at];
    if (step !== undefined && isUndoable(plan, at)) {
      return { next: `undo:${step.id}`, orders: [{ order: 'undo', step: step.id }] };
    }
  }
  return end(plan, 'compensated');
}

function end(plan: SagaPlan, how: SagaEnd): Leg {
  return { next: how, orders: plan[how] === undefined ? [] : [{ order: 'announce', of: how }] };
}

function stuckIn(state: SagaStateName): Leg {
  return { next: `stuck:${state}`, orders: [{ order: 'alert' }] };
}

function isUndoable(plan: SagaPlan, index: number): boolean {
  return index < pivotOf(plan) && plan.steps[index]?.compensate !== undefined;
}

function asksFor(step: SagaStepPlan): boolean {
  return (
    step.onUnknown === 'query' && step.query !== undefined && (step.action.kind === 'call' || isAwaited(step.action))
  );
}
